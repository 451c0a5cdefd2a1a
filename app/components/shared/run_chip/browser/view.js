// The chip and its panel, drawn into an element of their own at the start of the document.
import { ask } from "./notification.js"
import { OUTCOMES, PHASES, left, number, outcomeOf, percent, rows } from "./words.js"
import { keyOf } from "./ended.js"

const VARIABLES = [
  "background-color", "secondary-background-color", "text-color", "border-color", "primary-color", "font",
  "base-font-size", "green-text-color", "red-text-color", "gray-text-color",
] // prettier-ignore

function element(name, attributes = {}, ...content) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...content)
  return made
}

function button(label, onClick, attributes = {}, ...content) {
  const made = element("button", { type: "button", "aria-label": label, title: label, ...attributes }, ...content)
  made.addEventListener("click", onClick)
  return made
}

export class Chip {
  constructor(actions) {
    this.actions = actions
    this.cancelling = new Set()
    this.isOpen = false
    this.host = element("div", { id: "dw-run-chip" })
    this.root = this.host.attachShadow({ mode: "open" })
    const style = element("link", { rel: "stylesheet", href: new URL("./run_chip.css", import.meta.url) })
    this.chip = button("Runs", () => this.toggle(), { class: "chip", "aria-expanded": "false", "aria-controls": "panel" })
    this.panel = element("section", { id: "panel", "aria-label": "Runs" })
    this.status = element("div", { class: "status", role: "status" })
    this.room = element("div", { class: "room" }, this.chip, this.panel, this.status)
    this.room.hidden = true
    this.root.append(style, this.room)
    this.items = new Map()
    document.body.prepend(this.host)
    document.addEventListener("keydown", event => event.key === "Escape" && this.isOpen && this.toggle(false))
    document.addEventListener("pointerdown", event => this.isOpen && !event.composedPath().includes(this.host) && this.toggle(false))
  }

  // Outside of the component's own element, its theme must be copied.
  useTheme(source) {
    const from = source instanceof ShadowRoot ? source.host : source
    const computed = getComputedStyle(from)
    for (const name of VARIABLES) this.host.style.setProperty(`--st-${name}`, computed.getPropertyValue(`--st-${name}`))
  }

  toggle(isOpen = !this.isOpen) {
    this.isOpen = isOpen
    this.panel.hidden = !isOpen
    this.chip.setAttribute("aria-expanded", String(isOpen))
    if (!isOpen && this.root.activeElement) this.chip.focus()
  }

  draw(runs, ended, canAsk) {
    const isEmpty = !runs.length && !ended.length
    if (isEmpty) this.isOpen = false
    this.room.hidden = isEmpty
    this.panel.hidden = !this.isOpen
    if (isEmpty) return
    this.drawChip(runs, ended)
    this.drawItems([...runs, ...ended])
    this.drawAsk(canAsk && runs.length > 0)
  }

  drawChip(runs, ended) {
    const last = ended.at(-1)
    const done = runs.reduce((sum, run) => sum + run.progress.fraction, 0) / (runs.length || 1)
    const name = runs.length > 1 ? `${runs.length} runs` : (runs[0] ?? last).experiment
    const state = runs.length ? percent(done) : outcomeOf(last)
    const kind = runs.length ? "running" : OUTCOMES[last.status].kind
    this.chip.className = `chip ${kind}`
    this.chip.style.setProperty("--done", String(done))
    this.chip.replaceChildren(element("span", { class: "dial" }), element("b", {}, name), element("span", {}, state))
    const label = `${name}: ${state}`
    this.chip.setAttribute("aria-label", label)
    this.chip.title = runs.length === 1 ? `${label}, ${PHASES[runs[0].progress.phase] ?? ""}` : label
    if (!runs.length && this.status.textContent !== label) this.status.textContent = label
  }

  // Items stay the same elements while they advance, so that focus and clicks are not lost.
  drawItems(runs) {
    const keys = runs.map(run => `${keyOf(run)}/${run.status}`)
    for (const [key, item] of this.items) {
      if (!keys.includes(key)) {
        item.box.remove()
        this.items.delete(key)
      }
    }
    runs.forEach((run, index) => {
      const key = keys[index]
      if (!this.items.has(key)) this.items.set(key, this.item(run))
      const item = this.items.get(key)
      if (this.panel.children[index] !== item.box) this.panel.insertBefore(item.box, this.panel.children[index] ?? null)
      item.update(run)
    })
  }

  item(run) {
    const link = element("a", { href: addressOf(run) }, `${run.experiment} · Run ${run.id}`)
    link.addEventListener("click", event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      this.toggle(false)
      this.actions.open(run)
    })
    return run.status === "RUNNING" ? this.running(run, link) : this.ended(run, link)
  }

  running(run, link) {
    const phase = element("span", { class: "phase" })
    const bar = element("progress", { max: "1", "aria-label": `Progress of ${run.experiment}` })
    const text = element("small")
    const cancel = button(`Cancel run ${run.id} of ${run.experiment}`, () => {
      cancel.disabled = true
      cancel.textContent = "Cancelling…"
      this.actions.cancel(run)
    })
    cancel.textContent = "Cancel"
    const box = element("div", { class: "item" }, element("div", { class: "line" }, link, phase, cancel), bar, text)
    const update = ({ progress }) => {
      const now = progress.phases.find(each => each.name === progress.phase)
      phase.textContent = PHASES[progress.phase] ?? ""
      bar.value = progress.fraction
      const counted = now?.rows_total ? `${number(now.rows_done)} of ${number(now.rows_total)} rows` : ""
      const words = [percent(progress.fraction), counted, left(progress.seconds_left)]
      text.textContent = words.filter(Boolean).join(" · ")
    }
    return { box, update }
  }

  ended(run, link) {
    const { kind } = OUTCOMES[run.status]
    const outcome = element("span", { class: `phase ${kind}` }, outcomeOf(run))
    const dismiss = button(`Dismiss run ${run.id} of ${run.experiment}`, () => this.actions.dismiss(run))
    dismiss.textContent = "Dismiss"
    const words = `${number(rows(run))} rows${run.status === "COMPLETED" ? "" : " kept; the run can be resumed."}`
    const box = element("div", { class: "item" }, element("div", { class: "line" }, link, outcome, dismiss))
    box.append(element("small", {}, words))
    return { box, update: () => {} }
  }

  drawAsk(isAsked) {
    if (!isAsked) {
      this.asking?.remove()
      this.asking = null
    } else if (!this.asking) {
      this.asking = button("Notify me when a run ends", () => ask().then(this.actions.draw), { class: "ask" })
      this.asking.textContent = "Notify me when a run ends"
      this.panel.append(this.asking)
    }
  }
}

function addressOf(run) {
  const page = run.status === "RUNNING" ? "generate" : "runs"
  const asked = new URLSearchParams({ experiment: run.experiment })
  if (page === "runs") asked.set("run", String(run.id))
  return `/${page}?${asked}`
}
