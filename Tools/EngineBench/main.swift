// Measures what the engine itself costs, with nodes that do nothing: `Tools/bench engine`.
import Compiler
import Dispatch
import Engine
import Graph
import Language
import MathOps
import Tensors

/// Times of several runs of `body`, in nanoseconds, sorted.
func times(_ count: Int = 9, _ body: () -> Void) -> [Double] {
  body()
  return (0..<count).map { _ in
    let start = DispatchTime.now().uptimeNanoseconds
    body()
    return Double(DispatchTime.now().uptimeNanoseconds - start)
  }.sorted()
}

func report(_ what: String, _ times: [Double], per count: Int, target: String) {
  let values = [times.first!, times[times.count / 2], times.last!].map { Quantity.seconds($0 / Double(count) / 1e9) }
  print("| \(what) | \(values[1]) | \(values[0])–\(values[2]) | \(target) |")
}

let same = Op(
  "bench.same", doc: "Hands its input on.", inputs: [Port("x", "any")], outputs: [Port("y", "any")],
  infer: { facts throws(Fault) in [facts.type("x")] },
  action: .host(Host { call throws(Fault) in [call.inputs[0][0]] }))
let registry = Registry.linked

print("| what | median | range | target |\n|---|---|---|---|")

// A body of 1000 nodes on single numbers, run as a loop step runs it.
let nodes = 1000
var emitter = Emitter(registry: registry)
let first = emitter.input(.f32([1]))
var value = first
for _ in 0..<nodes {
  value = try emitter.emit("math.scale", value, attributes: ["by": .float(0.999), "offset": .float(0.001)])
}
emitter.setOutputs([value])
let region = emitter.region
let program = try Compiler(registry: registry).compile(region, Demand())
let input = Tensor(shape: [1], [1 as Float])
report(
  "node in a compiled loop body", times { for _ in 0..<100 { _ = program.run([input]) } }, per: 100 * nodes,
  target: "≤ 2 µs")

// Fresh compilers, since programs are memoised.
report(
  "compiling a body, per node", times { _ = try! Compiler(registry: registry).compile(region, Demand()) }, per: nodes,
  target: "2.4 µs (probe)")

/// `width` chains of `length` nodes that hand a number on.
func chains(width: Int, length: Int) -> FlatGraph {
  var graph = FlatGraph()
  func define() -> Int {
    graph.types.append(.any)
    return graph.types.count - 1
  }
  for chain in 0..<width {
    var operand = FlatGraph.Operand.constant(.int(chain))
    for node in 0..<length {
      let result = define()
      graph.nodes.append(
        FlatGraph.Node(
          path: "n\(chain)_\(node)", op: same, attributes: Attributes(), operands: [[operand]], results: [result],
          ports: ["y"], policy: FlatGraph.Policy(cache: .off)))
      operand = .value(result)
    }
    graph.outputs.append(
      FlatGraph.Output(
        name: "o\(chain)", type: .any, operand: operand, isOptional: false, save: nil, place: nil, doc: nil))
  }
  return graph
}

let engine = Engine(registry: Registry([same]), compiler: Compiler(registry: registry))
let options = RunOptions(usesCache: false)
for (width, length) in [(1, 10_000), (100, 100), (10_000, 1)] {
  let graph = chains(width: width, length: length)
  report(
    "host node, \(width) × \(length)", times { _ = engine.runAndWait(graph, inputs: [:], options: options) },
    per: width * length, target: "≤ 10 µs")
}

// A map of 10^5 items, planned and run.
var inner = FlatGraph(types: [.int, .any])
inner.inputs = [FlatGraph.Input(name: "x", type: .int, isOptional: false, value: 0, place: nil, doc: nil)]
inner.nodes = [
  FlatGraph.Node(
    path: "item", op: same, attributes: Attributes(), operands: [[.value(0)]], results: [1], ports: ["y"],
    policy: FlatGraph.Policy(cache: .off))
]
inner.outputs = [
  FlatGraph.Output(name: "y", type: .any, operand: .value(1), isOptional: false, save: nil, place: nil, doc: nil)
]
let items = 100_000
let list = Value.list((0..<items).map { .int($0) })
var mapping = FlatGraph(types: [.list(.int), .list(.any)])
mapping.inputs = [FlatGraph.Input(name: "xs", type: .list(.int), isOptional: false, value: 0, place: nil, doc: nil)]
mapping.nodes = [
  FlatGraph.Node(
    path: "map", op: same, attributes: Attributes(), operands: [], results: [1], ports: ["y"],
    structure: .map(FlatGraph.Body(graph: inner, bindings: [.each(.value(0))])))
]
mapping.outputs = [
  FlatGraph.Output(
    name: "ys", type: .list(.any), operand: .value(1), isOptional: false, save: nil, place: nil, doc: nil)
]
report(
  "plan of a map of 10⁵ items, whole", times(5) { _ = try! engine.plan(mapping, inputs: ["xs": list]) }, per: 1,
  target: "< 1 s")
report(
  "map item, run", times(5) { _ = engine.runAndWait(mapping, inputs: ["xs": list], options: options) }, per: items,
  target: "≤ 10 µs")
