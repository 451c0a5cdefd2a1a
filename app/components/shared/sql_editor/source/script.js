// A read-only view of an imported script: each statement with its outcome, its notes at their lines, and a filter.
//
// The list of statements and the text are linked: a click in one scrolls the other.
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state"
import { Decoration, EditorView, highlightSpecialChars, lineNumbers, showTooltip } from "@codemirror/view"
import { element } from "./elements.js"
import { scriptLanguage } from "./language.js"
import { look } from "./look.js"
import { FILTERS, filtered, levelsOf } from "./outcomes.js"

const views = new WeakMap()

export default function (component) {
  const room = component.parentElement.querySelector("#script")
  const written = JSON.stringify(component.data)
  const before = views.get(room)
  if (before?.written !== written) {
    before?.close()
    views.set(room, new Script(room, component.data, written))
  }
  return () => {
    views.get(room)?.close()
    views.delete(room)
  }
}

class Script {
  constructor(room, data, written) {
    this.written = written
    this.data = data
    this.marks = new Compartment()
    this.filters = element("div", { class: "filters", role: "group", "aria-label": "Show" })
    this.list = element("ol", { class: "statements", tabindex: "0", "aria-label": "Statements" })
    const code = element("div", { class: "code" })
    room.replaceChildren(this.filters, element("div", { class: "panes" }, this.list, code))
    this.view = new EditorView({
      parent: code,
      root: room.getRootNode(),
      state: EditorState.create({ doc: data.text, extensions: this.extensions() }),
    })
    this.show("all")
  }

  extensions() {
    return [
      lineNumbers({ formatNumber: number => String(number + (this.data.first_line ?? 1) - 1) }),
      highlightSpecialChars(),
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ "aria-label": this.data.label, tabindex: "0" }),
      EditorView.lineWrapping,
      EditorView.domEventHandlers({
        click: (event, view) => this.find(view.posAtCoords(event, false)),
        mousemove: (event, view) => this.say(event.target.closest?.(".noted") && view.posAtCoords(event, false)),
        mouseleave: () => this.say(null),
      }),
      saidNotes,
      scriptLanguage(this.data.dialect),
      look,
      shownLine,
      this.marks.of([]),
    ]
  }

  show(filter) {
    this.statements = filtered(this.data, filter)
    this.filters.replaceChildren(
      ...FILTERS.map(each => {
        const count = each.count(this.data)
        const pressed = each.name === filter
        const label = [each.label, element("span", { class: "count" }, String(count))]
        const button = element("button", { class: each.name, "aria-pressed": String(pressed) }, ...label)
        button.disabled = count === 0
        button.addEventListener("click", () => this.show(pressed ? "all" : each.name))
        return button
      }),
    )
    this.list.replaceChildren(...this.statements.map(statement => this.item(statement)))
    this.list.scrollTop = 0
    this.view.dispatch({ effects: this.marks.reconfigure(EditorView.decorations.of(this.decorations())) })
  }

  item(statement) {
    const place = statement.line ? `line ${statement.line}` : ""
    const badge = element("span", { class: `badge ${statement.outcome.replace(" ", "-")}` }, statement.outcome)
    const title = element("code", { title: statement.title }, statement.title)
    const head = this.button("head", statement.line, badge, " ", element("span", { class: "place" }, place), " ", title)
    const notes = statement.notes.map(note => this.note(note, statement))
    const item = element("li", {}, statement.line ? head : element("div", { class: "head" }, statement.title))
    if (notes.length) item.append(element("ul", {}, ...notes.map(note => element("li", {}, note))))
    return item
  }

  note(note, statement) {
    const place = [note.line && note.line !== statement.line ? `line ${note.line}` : "", note.object]
    const words = `${place.filter(Boolean).join(", ")}${place.some(Boolean) ? ": " : ""}`
    return this.button(`note ${note.level}`, note.line, element("span", { class: "place" }, words), note.message)
  }

  button(kind, line, ...content) {
    const button = element("button", { class: kind, "data-line": String(line) }, ...content)
    button.disabled = !line
    button.addEventListener("click", () => this.reveal(line, button))
    return button
  }

  // Scroll to a line of the text, and mark the chosen item.
  reveal(number, chosen) {
    this.choose(chosen)
    const line = this.view.state.doc.line(Math.min(number, this.view.state.doc.lines))
    const effects = [showLine.of(line.from), EditorView.scrollIntoView(line.from, { y: "center" })]
    this.view.dispatch({ effects })
  }

  // Scroll to the item of a position in the text: a note of its line, else its statement.
  find(position) {
    const line = this.view.state.doc.lineAt(position).number
    const statement = this.statements.find(each => each.line <= line && line <= each.last_line)
    const spoken = [`.note[data-line="${line}"]`, `.head[data-line="${statement?.line}"]`]
    const found = this.list.querySelector(spoken[0]) ?? this.list.querySelector(spoken[1])
    if (!found) return
    this.choose(found)
    found.scrollIntoView({ block: "nearest" })
    this.view.dispatch({ effects: showLine.of(this.view.state.doc.line(line).from) })
  }

  choose(chosen) {
    for (const other of this.list.querySelectorAll(".chosen")) other.classList.remove("chosen")
    chosen.classList.add("chosen")
  }

  decorations() {
    const { doc } = this.view.state
    const classes = new Map()
    const add = (number, name) => {
      if (number >= 1 && number <= doc.lines) classes.set(number, `${classes.get(number) ?? ""} ${name}`)
    }
    for (const { line, last_line, outcome, notes } of this.statements) {
      for (let number = line; number <= last_line; number++) add(number, `statement ${outcome.replace(" ", "-")}`)
      for (const [number, level] of levelsOf(notes)) add(number, `noted ${level}`)
    }
    const lines = [...classes].sort(([first], [second]) => first - second)
    return Decoration.set(lines.map(([number, name]) => Decoration.line({ class: name }).range(doc.line(number).from)))
  }

  // Show the import's notes on a line as a tooltip; null hides it.
  say(position) {
    const line = position === null ? null : this.view.state.doc.lineAt(position)
    if (this.said === line?.number) return
    this.said = line?.number
    this.view.dispatch({ effects: sayNotes.of(line && this.tooltip(line)) })
  }

  tooltip(line) {
    const notes = this.statements.flatMap(statement => statement.notes).filter(note => note.line === line.number)
    const words = notes.map(note => element("div", { class: `note ${note.level}` }, note.message))
    return { pos: line.from, above: true, create: () => ({ dom: element("div", { class: "said" }, ...words) }) }
  }

  close() {
    this.view.destroy()
  }
}

const showLine = StateEffect.define()
const shownLine = StateField.define({
  create: () => Decoration.none,
  update: (shown, { effects }) => {
    const effect = effects.find(each => each.is(showLine))
    return effect ? Decoration.set([Decoration.line({ class: "shown" }).range(effect.value)]) : shown
  },
  provide: field => EditorView.decorations.from(field),
})

const sayNotes = StateEffect.define()
const saidNotes = StateField.define({
  create: () => null,
  update: (said, { effects }) => {
    const effect = effects.find(each => each.is(sayNotes))
    return effect ? effect.value : said
  },
  provide: field => showTooltip.from(field),
})
