// What the palette needs of no page: elements, what is being typed into, and the order of commands.
export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...content)
  return made
}

export function isTyping(event) {
  const target = event.composedPath()[0]
  return Boolean(target?.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target?.tagName))
}

// The commands whose label has every typed word: first the very name, then those that begin with it, then those with a
// word that does.
export function rank(commands, typed) {
  const start = typed.toLowerCase()
  const words = start.split(/\s+/).filter(Boolean)
  const score = ({ label }) => {
    const name = label.toLowerCase()
    if (name === start) return -1
    return name.startsWith(start) ? 0 : name.split(/[\s_.]+/).some(word => word.startsWith(words[0])) ? 1 : 2
  }
  const matching = commands.filter(command => {
    const text = `${command.label} ${command.group}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
  return words.length ? matching.toSorted((a, b) => score(a) - score(b)) : matching
}
