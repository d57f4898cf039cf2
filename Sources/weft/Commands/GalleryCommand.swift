import ArgumentParser
import Gallery
import Graph
import Language
import Nodes

struct GalleryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery", abstract: "Looks after galleries of enrolled faces; face/enroll.json fills them.",
    subcommands: [List.self, Remove.self, Export.self, Import.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who is enrolled, and by which model and recipe.")
    @Argument(help: "A gallery file.") var gallery: String
    @Flag(help: "One JSON object on standard output.") var json = false

    func run() throws {
      try GalleryCommand.reporting { () throws(Fault) in
        let store = try GalleryStore.open(gallery)
        let (state, people, encoder) = (try store.state(), try store.people(), try store.encoder())
        if json { return Output.result(GalleryReport.json(state, people, encoder)) }
        Output.error(GalleryReport.summary(state, encoder))
        for person in people { Output.result(GalleryReport.line(person)) }
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Removes people with all their faces.")
    @Argument(help: "A gallery file.") var gallery: String
    @Argument(help: "Names of people.") var names: [String]

    func run() throws {
      try GalleryCommand.reporting { () throws(Fault) in
        let store = try GalleryStore.open(gallery)
        for name in names {
          let count = try store.remove(name)
          Output.error("removed \(name) with \(count) \(count == 1 ? "face" : "faces")")
        }
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes everything into a .csv or .npz file that only its owner may read.")
    @Argument(help: "A gallery file.") var gallery: String
    @Argument(help: "The file to write; .csv or .npz.") var file: String

    func run() throws {
      try GalleryCommand.reporting { () throws(Fault) in
        let count = try GalleryTransfer.export(try GalleryStore.open(gallery), to: file)
        Output.error("wrote \(count) \(count == 1 ? "face" : "faces") to \(file)")
      }
    }
  }

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Enrolls the faces of a .csv or .npz file, all or none; makes the gallery where there is none.",
      discussion: """
        A CSV file has the columns person and e0, e1, …, and, if known, source, photo, time, model, encoder and recipe. An \
        .npz file has the arrays person [N] and embedding [N, D], and, if known, the others of these names.
        """)
    @Argument(help: "A gallery file.") var gallery: String
    @Argument(help: "The file to read; .csv or .npz.") var file: String
    @Option(help: "What made the embeddings, when the file does not say.") var model: String?
    @Option(help: "How faces were brought to the model, when the file does not say.") var recipe: String?

    func run() throws {
      try GalleryCommand.reporting { () throws(Fault) in
        let (samples, encoder) = try GalleryTransfer.read(file, model: model, recipe: recipe)
        let done = try GalleryStore.open(gallery, create: true).enroll(samples, by: encoder)
        Output.error("enrolled \(done.added) \(done.added == 1 ? "face" : "faces"), \(done.known) were there already")
      }
    }
  }

  static func reporting(_ body: () throws(Fault) -> Void) throws {
    do throws(Fault) { try body() } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }
}
