// swift-tools-version: 6.2
import PackageDescription

/// Kernels are optimised in every configuration, so that the test suites measure and check the code that ships.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let optimisedC: [CSetting] = [.unsafeFlags(["-O3"]), .unsafeFlags(["-fno-math-errno"])]
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("MemberImportVisibility"),
]

/// A Swift target of the house, in layer order: nothing imports a target declared further down.
func layer(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency], optimise: Bool = false) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path ?? "Sources/\(name)",
    swiftSettings: optimise ? house + optimised : house, linkerSettings: [.linkedLibrary("m")])
}

/// The test target of a layer; it may use whatever TestSupport uses besides.
func tests(
  _ name: String, _ more: [Target.Dependency] = [], path: String? = nil, exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + more,
    path: path ?? "Tests/\(name)Tests", exclude: exclude, swiftSettings: house)
}

let package = Package(
  name: "weft",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .target(name: "CDigest", cSettings: optimisedC),
    .target(name: "CFetch", cSettings: optimisedC, linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CPNG", cSettings: optimisedC, linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CKernels", cSettings: optimisedC, linkerSettings: [.linkedLibrary("m")]),
    layer("Tensors", ["CDigest"], optimise: true),
    layer("Workers", ["CKernels"], optimise: true),
    layer("Kernels", ["CKernels"], optimise: true),
    layer("Language", ["Tensors", "CKernels"]),
    layer("Optimizers", ["Language", "Kernels", "Tensors"], optimise: true),
    layer("Models", ["Language", "Tensors", "CKernels", "CExpat", "CZlib", "CFetch"], optimise: true),
    layer(
      "Gallery", ["Language", "Tensors", "Kernels", "Workers", .product(name: "GRDB", package: "GRDB.swift")],
      optimise: true),
    layer("Graph", ["Language", "Tensors"]),
    layer("Autodiff", ["Language", "Tensors"]),
    layer("Compiler", ["Language", "Autodiff", "Kernels", "Tensors", "Workers"], optimise: true),
    layer("Engine", ["Graph", "Language", "Tensors", "Workers"], optimise: true),
    layer("NetOps", path: "Sources/Ops/Net", ["Language", "Kernels", "Tensors"], optimise: true),
    layer("MathOps", path: "Sources/Ops/Math", ["Language", "Kernels", "Tensors"], optimise: true),
    layer("ImageOps", path: "Sources/Ops/Image", ["Language", "Kernels", "Tensors"], optimise: true),
    layer("OnnxOps", path: "Sources/Ops/Onnx", ["Language", "Kernels", "Tensors"], optimise: true),
    layer("Images", ["Tensors", "Language", "CTurboJPEG", "CPNG", "CZlib"], optimise: true),
    layer(
      "Nodes", ["Language", "Kernels", "Tensors", "Workers", "Images", "Models", "Optimizers", "Gallery"],
      optimise: true),
    .executableTarget(
      name: "weft",
      dependencies: [
        "Autodiff", "Compiler", "Engine", "Gallery", "Graph", "ImageOps", "Kernels", "Language", "MathOps", "Models",
        "NetOps", "Nodes", "OnnxOps", "Tensors", "Workers",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "EngineBench", dependencies: ["Compiler", "Engine", "Graph", "Language", "MathOps", "Tensors"],
      path: "Tools/EngineBench", swiftSettings: house),

    .target(
      name: "TestSupport", dependencies: ["Tensors", "Language", "Compiler", "Autodiff", "Workers", "Graph"],
      path: "Tests/TestSupport", swiftSettings: house + optimised),
    tests("Tensors"),
    .testTarget(
      name: "WeftTests", dependencies: ["weft", "TestSupport", "Gallery", "Images", "Models", "Tensors"],
      exclude: ["Fixtures"],
      swiftSettings: house),
    tests("Workers"),
    tests("Kernels", ["CKernels"]),
    tests("Language", ["Tensors"]),
    tests("Autodiff", ["Compiler", "Language", "Tensors"]),
    tests("Compiler", ["Autodiff", "Language", "Tensors", "Workers"]),
    tests("Optimizers", ["Language", "Tensors"], exclude: ["Fixtures"]),
    tests("Models", ["Language", "Tensors"], exclude: ["Fixtures"]),
    tests("Gallery", ["Language", "Tensors"]),
    tests("Graph", ["Language", "Tensors"], exclude: ["Fixtures"]),
    .testTarget(
      name: "CatalogueTests",
      dependencies: ["Graph", "ImageOps", "Language", "MathOps", "NetOps", "Nodes", "TestSupport", "Tensors"],
      exclude: ["Fixtures"], swiftSettings: house),
    tests("NetOps", ["Compiler", "Language", "Tensors", "MathOps", "Models"]),
    tests("Engine", ["Graph", "Language", "Tensors", "Workers"]),
    tests("MathOps", ["Language", "Tensors"]),
    tests("ImageOps", ["Language", "Tensors", "Compiler", "Workers"]),
    .testTarget(
      name: "OnnxImportTests",
      dependencies: [
        "Compiler", "Engine", "Graph", "ImageOps", "Language", "MathOps", "Models", "NetOps", "Nodes", "OnnxOps",
        "Tensors", "TestSupport",
      ], swiftSettings: house),
    tests("OnnxOps", ["Language", "Models", "Tensors"], exclude: ["Fixtures"]),
    tests("Images", ["Language", "Tensors"], exclude: ["Fixtures"]),
    tests(
      "Nodes", ["Language", "Tensors", "Compiler", "Gallery", "Images", "MathOps", "Models", "NetOps", "Optimizers"],
      exclude: ["Faces/Cascade/Fixtures"]),
  ]
)
