import Lean

/-!
# Facts about compiled declarations, as one JSON object

    lake exe export_decls MODULE NAMES_FILE
    lake env lean --run Export.lean MODULE NAMES_FILE

`NAMES_FILE` has one fully qualified declaration name a line; empty lines and lines that start with
`#` are skipped. A name that `MODULE` does not reach is reported with `"found": false`, and the exit
status is then 1.

If the environment has a theorem `Mirror.<last component of the name>` as well, the object says
whether its type is the type of the declaration.
-/

open Lean Meta

namespace ExportDecls

/-- The module that declares `n`. -/
def moduleOf (env : Environment) (n : Name) : Option Name :=
  (env.getModuleIdxFor? n).map fun i => env.header.moduleNames[i.toNat]!

/-- The kind of a constant, in the words of the source. -/
def kindOf : ConstantInfo → String
  | .axiomInfo _ => "axiom"
  | .defnInfo v => if v.hints matches .abbrev then "abbrev" else "def"
  | .thmInfo _ => "theorem"
  | .opaqueInfo _ => "opaque"
  | .quotInfo _ => "quot"
  | .inductInfo _ => "inductive"
  | .ctorInfo _ => "constructor"
  | .recInfo _ => "recursor"

/-- A range of the source: lines from 1, columns from 0 in code points. -/
def rangeJson (r : DeclarationRange) : Json :=
  Json.mkObj [
    ("line", toJson r.pos.line),
    ("column", toJson r.pos.column),
    ("endLine", toJson r.endPos.line),
    ("endColumn", toJson r.endPos.column)]

/-- The name under which the generated `Mirror.lean` restates `n`. -/
def mirrorName : Name → Name
  | .str _ s => .str `Mirror s
  | n => n

/-- How the restatement of `ci` compares with `ci`; `null` when there is none. -/
def mirrorJson (ci : ConstantInfo) : MetaM Json := do
  match (← getEnv).find? (mirrorName ci.name) with
  | none => return Json.null
  | some mi =>
    let sameUpToNames := ci.type == mi.type && ci.levelParams == mi.levelParams
    let reducible ← withReducible (isDefEq ci.type mi.type)
    return Json.mkObj [
      ("name", toJson mi.name.toString),
      ("alphaEqual", toJson sameUpToNames),
      ("reducibleDefEq", toJson reducible)]

/-- What the environment says about the declaration `n`. -/
def declJson (n : Name) : MetaM Json := do
  let env ← getEnv
  match env.find? n with
  | none => return Json.mkObj [("name", toJson n.toString), ("found", toJson false)]
  | some ci =>
    let type ← Meta.ppExpr ci.type
    let axioms ← collectAxioms n
    let axiomNames := (axioms.map fun a => a.toString).qsort (· < ·)
    let doc? ← findDocString? env n
    let ranges? ← findDeclarationRanges? n
    let mirror ← mirrorJson ci
    return Json.mkObj [
      ("name", toJson n.toString),
      ("found", toJson true),
      ("kind", toJson (kindOf ci)),
      ("type", toJson (type.pretty 1000000)),
      ("doc", toJson doc?),
      ("module", toJson ((moduleOf env n).map fun m => m.toString)),
      ("range", toJson (ranges?.map fun r => rangeJson r.range)),
      ("nameRange", toJson (ranges?.map fun r => rangeJson r.selectionRange)),
      ("axioms", toJson axiomNames),
      ("usesSorry", toJson (axioms.contains ``sorryAx)),
      ("mirror", mirror)]

end ExportDecls

/-- Prints one JSON object; returns 1 when a name is missing and 2 when the usage is wrong. -/
unsafe def main (args : List String) : IO UInt32 := do
  match args with
  | [moduleText, namesFile] =>
    initSearchPath (← findSysroot)
    -- Environment extensions are needed to print notation; loading them runs initializers.
    enableInitializersExecution
    let lines ← IO.FS.lines namesFile
    let names := (lines.map fun l => l.trimAscii.copy).filter fun l =>
      !l.isEmpty && !l.startsWith "#"
    let env ← importModules #[{ module := moduleText.toName }] {} (trustLevel := 1024)
      (loadExts := true)
    let options : Options := ({} : Options).setBool `pp.unicode.fun true
    let ctx : Core.Context :=
      { fileName := "<export>", fileMap := default, maxHeartbeats := 0, options }
    let state : Core.State := { env }
    let work : MetaM (Array Json) := names.mapM fun l => ExportDecls.declJson l.toName
    let (decls, _) ← Core.CoreM.toIO (MetaM.run' work) ctx state
    let missing := names.filter fun l => !env.contains l.toName
    let out := Json.mkObj [
      ("lean", toJson Lean.versionString),
      ("module", toJson moduleText),
      ("declarations", Json.arr decls)]
    IO.println out.compress
    (← IO.getStdout).flush
    -- As Batteries' `runLinter` does at this version: finalizers can race when `main` returns.
    IO.Process.exit (if missing.isEmpty then 0 else 1)
  | _ =>
    IO.eprintln "usage: export_decls MODULE NAMES_FILE"
    return 2
