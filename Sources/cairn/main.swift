import Evaluation
import Foundation
import Syntax
nonisolated(unsafe) var text = ""
while let line = readLine(strippingNewline: false) { text += line }
LargeStack.run {
  let machine = Interpreter()
  let parsed = Parser.parse(SourceText(name: "x", text: text))
  for f in parsed.faults { print(DiagnosticRenderer().text(f)) }
  for s in parsed.script.statements {
    let start = DispatchTime.now().uptimeNanoseconds
    let o = machine.run(s)
    print(o.output, terminator: "")
    if let v = o.value { print(machine.display(v)) }
    if let f = o.fault { print(DiagnosticRenderer().text(f)) }
    if let r = o.run { print("   peak", r.predictedPeak, r.measuredPeak, "steps", r.forwardSteps, r.replayedSteps, r.backwardSteps, r.strategy) }
    print("   live", o.live.total, "peak", o.peak.total, "ms", Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6)
  }
}
