// The command palette (Ctrl+K or Cmd+K) and the list of shortcuts (?), on every page.
//
// It is a dialog at the end of the document: nothing of the page moves for it. Python sends the commands and carries out
// the chosen one.
import { element, isTyping, rank } from "./parts.js"
import { followScheme } from "./scheme.js"

const SHOWN = 60
const VARIABLES = ["background-color", "secondary-background-color", "text-color", "border-color", "primary-color", "font",
  "gray-text-color"] // prettier-ignore
const state = { commands: [], shortcuts: [], choose: () => {}, dialog: null }

export default function ({ data, parentElement, setTriggerValue }) {
  state.commands = data.commands
  state.shortcuts = data.shortcuts
  state.choose = command => setTriggerValue("chosen", { kind: command.kind, name: command.name })
  if (!state.dialog) {
    state.dialog = new Palette()
    document.addEventListener("keydown", onKey, { capture: true })
  }
  state.dialog.useTheme(parentElement instanceof ShadowRoot ? parentElement.host : parentElement)
}

function onKey(event) {
  const isPalette = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k"
  const isHelp = event.key === "?" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event)
  if (!isPalette && !isHelp) return
  event.preventDefault()
  event.stopPropagation()
  state.dialog.open(isHelp)
}

class Palette {
  constructor() {
    this.host = element("div", { id: "dw-palette" })
    const root = this.host.attachShadow({ mode: "open" })
    this.input = element("input", {
      type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "list", "aria-autocomplete": "list",
      "aria-label": "Find a page, experiment, table, query or action", autocomplete: "off", spellcheck: "false",
      placeholder: "Find a page, experiment, table, query or action",
    }) // prettier-ignore
    this.list = element("ul", { id: "list", role: "listbox", "aria-label": "Commands" })
    this.none = element("p", { role: "status" })
    this.keys = element("table", { "aria-label": "Shortcuts" })
    this.dialog = element("dialog", { "aria-label": "Commands" }, this.input, this.list, this.none, this.keys)
    root.append(element("link", { rel: "stylesheet", href: new URL("./palette.css", import.meta.url) }), this.dialog)
    document.body.append(this.host)
    this.input.addEventListener("input", () => this.draw())
    this.dialog.addEventListener("keydown", event => this.onKey(event))
    this.dialog.addEventListener("click", event => event.target === this.dialog && this.dialog.close())
  }

  // Outside of the component's own element, its theme must be copied.
  useTheme(source) {
    const computed = getComputedStyle(source)
    for (const name of VARIABLES) this.host.style.setProperty(`--st-${name}`, computed.getPropertyValue(`--st-${name}`))
    followScheme()
  }

  open(isHelp) {
    if (this.dialog.open) return this.dialog.close()
    const rows = state.shortcuts.map(([keys, does]) =>
      element("tr", {}, element("td", {}, element("kbd", {}, keys)), element("td", {}, does)),
    )
    this.keys.replaceChildren(...rows)
    this.keys.hidden = !isHelp
    this.input.hidden = this.list.hidden = this.none.hidden = isHelp
    this.dialog.setAttribute("aria-label", isHelp ? "Shortcuts" : "Commands")
    this.input.value = ""
    this.draw()
    this.dialog.showModal()
    if (!isHelp) this.input.focus()
  }

  draw() {
    const typed = this.input.value.trim()
    this.found = rank(state.commands, typed).slice(0, SHOWN)
    this.list.replaceChildren(...this.found.map((command, index) => this.option(command, index)))
    this.none.textContent = this.found.length ? "" : `Nothing matches “${typed}”.`
    this.select(0)
  }

  option(command, index) {
    const option = element("li", { id: `option-${index}`, role: "option" }, element("span", {}, command.label))
    option.append(element("small", {}, command.group))
    option.addEventListener("click", () => this.choose(index))
    return option
  }

  select(index) {
    this.list.querySelector("[aria-selected]")?.removeAttribute("aria-selected")
    this.selected = index
    const option = this.list.children[index]
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    this.input.setAttribute("aria-activedescendant", option?.id ?? "")
  }

  onKey(event) {
    const count = this.found.length
    if (event.key === "ArrowDown" && count) this.select((this.selected + 1) % count)
    else if (event.key === "ArrowUp" && count) this.select((this.selected + count - 1) % count)
    else if (event.key === "Enter" && !this.list.hidden) this.choose(this.selected)
    else return
    event.preventDefault()
  }

  choose(index) {
    const command = this.found[index]
    if (!command) return
    this.dialog.close()
    state.choose(command)
  }
}
