// The order of completions: names that begin with what is typed, in any case of letters, then names with a word that
// does, then what only has its letters somewhere. Within each, the editor's own order.
const EXACT = 3000
const PREFIX = 2000
const WORD = 1000

// A source whose options are ranked again at each letter.
export function ranked(source) {
  const rank = context => {
    const found = source(context)
    if (!found) return null
    const typed = context.state.sliceDoc(found.from, context.pos).replace(/^["`]/, "")
    const options = found.options.map(option => ({ ...option, boost: (option.boost ?? 0) + rankOf(option.label, typed) }))
    return { ...found, options, validFor: undefined, update: (_found, _from, _to, later) => rank(later) }
  }
  return rank
}

export function rankOf(label, typed) {
  const [name, start] = [label.toLowerCase(), typed.toLowerCase()]
  if (!start) return 0
  if (name === start) return EXACT
  if (name.startsWith(start)) return PREFIX
  return name.includes(`_${start}`) || name.includes(` ${start}`) ? WORD : 0
}
