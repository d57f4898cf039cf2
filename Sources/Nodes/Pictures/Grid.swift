import Glibc
import Images
import Language
import Tensors

/// Lays pictures out side by side.
public enum Grid {
  public static let op = Op(
    "image.grid", doc: "A contact sheet: pictures in a grid of equal cells, with a line of text below each.",
    inputs: [
      Port("images", "list<image>", .one, "pictures of any size"),
      Port("labels", "list<any>", .optional, "strings, or numbers, which are shown with four digits; one per picture"),
    ],
    outputs: [Port("image", "image<rgb8>[H,W]")],
    params: [
      Param("columns", .int(.positive), default: .null, "cells across; null makes the sheet about square"),
      Param("gap", .int(0...10_000), default: .int(8), "pixels between cells and around them"),
      Param("background", .string, default: .string("white"), "behind and between the pictures"),
      Param("label_colour", .string, default: .string("black"), "of the texts"),
      Param("label_scale", .int(1...64), default: .int(1), "whole-number size of the texts"),
    ],
    infer: { facts throws(Fault) in
      _ = try sheet(facts.attributes)
      return [.image(ImageType(format: .rgb8, height: .symbol("H"), width: .symbol("W")))]
    },
    action: .host(
      Host { call throws(Fault) in
        var labels: [String] = []
        if case .list(let items)? = call.value("labels") {
          for item in items {
            if case .string(let text) = item {
              labels.append(text)
            } else {
              guard let number = item.scalar else { throw .wrongValue("labels", "list of strings or numbers", item) }
              labels.append(short(number))
            }
          }
        }
        return [.image(try sheet(call.attributes).render(call.images("images"), labels: labels))]
      }))

  /// The number to four significant digits, but no fewer than stand before its point.
  static func short(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return CSVText.number(number) }
    let unit = pow(10, max(0, 3 - log10(abs(number)).rounded(.down)))
    return CSVText.number(unit.isFinite ? (number * unit).rounded() / unit : number)
  }

  private static func sheet(_ attributes: Attributes) throws(Fault) -> ContactSheet {
    ContactSheet(
      columns: attributes.has("columns") ? attributes.int("columns") : nil, gap: attributes.int("gap"),
      background: try attributes.colour("background")!, labelColour: try attributes.colour("label_colour")!,
      labelScale: attributes.int("label_scale"))
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Grid.op, $0) }
