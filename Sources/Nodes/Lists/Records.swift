import Language

/// Puts values together under names.
public enum MakeRecord {
  public static let op = Op(
    "core.record", doc: "A record of the given values under the given names.",
    inputs: [Port("values", "any", .variadic, "one per name")], outputs: [Port("record", "record")],
    params: [Param("names", .strings, "names of the fields, in order")],
    infer: { facts throws(Fault) in
      let names = facts.attributes.strings("names")
      guard names.count == facts.types("values").count else {
        throw .params("\(names.count) names for \(facts.types("values").count) values")
      }
      guard Set(names).count == names.count else { throw .params("param \"names\" holds a name twice") }
      return [.named("record")]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        [.record(Record(zip(call.attributes.strings("names"), call.values("values")).map { ($0, $1) }))]
      }))
}

/// Adds fields to a record.
public enum Extend {
  public static let op = Op(
    "core.extend", doc: "The record with further fields; one of a name it has already takes its place.",
    inputs: [Port("record", "record"), Port("values", "any", .variadic, "one per name")],
    outputs: [Port("record", "record")], params: [Param("names", .strings, "names of the fields, in order")],
    infer: { facts throws(Fault) in
      let names = facts.attributes.strings("names")
      guard names.count == facts.types("values").count else {
        throw .params("\(names.count) names for \(facts.types("values").count) values")
      }
      return [facts.type("record")]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        guard case .record(var record)? = call.value("record") else {
          throw .wrongValue("record", "record", call.value("record"))
        }
        for (name, value) in zip(call.attributes.strings("names"), call.values("values")) {
          if let place = record.fields.firstIndex(where: { $0.name == name }) {
            record.fields[place].value = value
          } else {
            record.fields.append((name, value))
          }
        }
        return [.record(record)]
      }))
}

/// Takes one field of a record.
public enum Field {
  public static let op = Op(
    "core.field", doc: "One field of a record by name.", inputs: [Port("record", "record")],
    outputs: [Port("value", "any")], params: [Param("name", .string, "name of the field")],
    infer: { _ throws(Fault) in [.any] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        guard case .record(let record)? = call.value("record") else {
          throw .wrongValue("record", "record", call.value("record"))
        }
        let name = call.attributes.string("name")
        guard let value = record[name] else { throw .noSuchField(name, record.fields.map(\.name)) }
        return [value]
      }))
}

@used @section("weft_ops") private let recordEntry: OpEntry = { Registry.collect(MakeRecord.op, $0) }
@used @section("weft_ops") private let extendEntry: OpEntry = { Registry.collect(Extend.op, $0) }
@used @section("weft_ops") private let fieldEntry: OpEntry = { Registry.collect(Field.op, $0) }
