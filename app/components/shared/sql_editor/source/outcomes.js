// The outcome of an import and its filters: statements by outcome, notes by level.
const notesOf = ({ statements, general }) => [...statements.flatMap(statement => statement.notes), ...general]
const count = level => data => notesOf(data).filter(note => note.level === level).length

export const FILTERS = [
  { name: "all", label: "All", count: ({ statements }) => statements.length },
  {
    name: "imported",
    label: "Imported",
    count: ({ statements }) => statements.filter(({ outcome }) => outcome === "imported").length,
  },
  { name: "info", label: "Notes", count: count("info") },
  { name: "warning", label: "Warnings", count: count("warning") },
  { name: "skipped", label: "Skipped", count: count("skipped") },
]

// The filtered statements with their filtered notes; last, the notes on the whole script.
export function filtered({ statements, general }, filter) {
  const whole = { line: 0, last_line: 0, title: "The whole script", outcome: "with notes", notes: general }
  const all = general.length ? [...statements, whole] : statements
  if (filter === "all") return all
  if (filter === "imported") return statements.filter(({ outcome }) => outcome === "imported")
  return all
    .map(statement => ({ ...statement, notes: statement.notes.filter(note => note.level === filter) }))
    .filter(({ notes }) => notes.length)
}

// The most severe level of the notes of each line.
export function levelsOf(notes) {
  const order = ["info", "warning", "skipped"]
  const levels = new Map()
  for (const { line, level } of notes) {
    const known = levels.get(line)
    if (!known || order.indexOf(level) > order.indexOf(known)) levels.set(line, level)
  }
  return levels
}
