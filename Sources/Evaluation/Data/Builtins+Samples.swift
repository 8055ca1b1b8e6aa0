import DataFiles
import Graphs
import Samples
import Syntax
import Tensors

extension Interpreter {
  /// The data sets that come along.
  static let sampleBuiltins: [Builtin] = [
    Builtin(
      "penguins", [],
      summary:
        "The Palmer penguins (Horst, Hill & Gorman 2020, CC0): x f32[342, 4] bill length and "
        + "depth (mm), flipper length (mm), body mass (g); y the species.",
      example: "penguins()"
    ) { (arguments, machine) throws(Fault) in
      .dataSet(
        try machine.dataSet(
          "penguins",
          CSVTable.Request(
            label: "species",
            features: ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"],
            dropsMissing: true), at: arguments.range
        ) { MemoryStream(Samples.penguins) })
    },
    Builtin(
      "digits", [],
      summary:
        "Handwritten digits (Alpaydin & Kaynak 1998, CC BY 4.0): x f32[1797, 8, 8, 1] shades from "
        + "0 to 1, y the digit.",
      example: "digits()"
    ) { (arguments, machine) throws(Fault) in
      .dataSet(try machine.digits(at: arguments.range))
    },
    Builtin(
      "sonnets", [],
      summary:
        "Shakespeare's 154 sonnets (1609, in the public domain) as a text of 95,607 characters: "
        + "symbols i32, 62 of them different, as `text_corpus` gives them of a file.",
      example: """
        let book = sonnets()
        let net = gpt(layers: 1, size: 8, heads: 2, length: 16, vocabulary: book.vocabulary)
        train net for x, y in batches(windows(book, length: 16), size: 4, steps: 3) using adam() {
          cross_entropy(net(x), y)
        }
        """
    ) { (arguments, machine) throws(Fault) in
      .dataSet(
        try machine.text("sonnets", .character, at: arguments.range) {
          MemoryStream(Samples.sonnets)
        })
    },
  ]

  /// `digits()`: the table's pixels from 0 to 16 as images from 0 to 1.
  private func digits(at range: SourceRange) throws(Fault) -> DataSet {
    let table = try dataSet(
      "digits", CSVTable.Request(label: .place(-1)),
      layout: CSVTable.Layout(separator: ",", hasHeader: false) ?? .usual, at: range
    ) { () throws(Fault) in
      do throws(DataFileFault) { return try MemoryStream(Samples.digits).inflated() } catch {
        throw fault(from: error, reading: "digits", at: range)
      }
    }
    let rows = table.columns[0].tensor
    let shape: Shape = [table.count, 8, 8, 1]
    var images = TensorValue(sketch: TensorType(shape, .f32), role: .data, origin: range)
    if let tensor = rows.tensor, let reshaped = tensor.reshaped(shape) {
      for place in 0..<shape.count { tensor.write(tensor.number(at: place) / 16, at: place) }
      images = TensorValue(reshaped, role: .data, origin: range)
    }
    return DataSet(
      name: "digits", columns: [DataColumn("x", images)] + table.columns.dropFirst(),
      classNames: (0..<10).map(String.init))
  }
}
