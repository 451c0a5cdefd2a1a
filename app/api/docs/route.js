// One route: its parameters, its body, its answers, the curl line, and a form that sends it.
import { element, fold, worded } from "./elements.js"
import { example, fieldTable, typeOf } from "./schemas.js"

const GREATEST_SHOWN = 20_000
const GREATEST_LINES = 20

export class Route {
  constructor(api, method, path, operation) {
    Object.assign(this, { api, method, operation })
    this.path = (api.servers?.[0]?.url ?? "/api") + path
    this.destroys = method === "delete" || path.endsWith("/reset")
    this.parameters = operation.parameters ?? []
    this.body = operation.requestBody?.content?.["application/json"]
    this.inputs = new Map()
    this.words = `${method} ${this.path} ${operation.summary ?? ""} ${operation.description ?? ""}`.toLowerCase()
    this.element = this.draw()
  }

  draw() {
    const head = element(
      "summary",
      {},
      element("span", { className: `method ${this.method}`, text: this.method.toUpperCase() }),
      element("code", { text: this.path }),
      element("span", { className: "word", text: this.operation.summary ?? "" }),
    )
    const room = element("details", { className: "route", id: this.operation.operationId }, head)
    room.addEventListener("toggle", () => {
      if (!room.open) return
      if (room.children.length === 1) room.append(this.inside())
      history.replaceState(null, "", `#${room.id}`)
    })
    return room
  }

  inside() {
    this.curl = element("pre", { tabIndex: 0 })
    this.said = element("div")
    this.said.setAttribute("role", "status")
    const answers = Object.entries(this.operation.responses ?? {}).map(([status, answer]) => {
      const schema = answer.content?.["application/json"]?.schema
      const title = `${status} ${answer.description}`
      return schema ? fold(title, () => fieldTable(this.api, schema)) : element("p", { text: title })
    })
    const title = this.destroys ? `${this.operation.summary} …` : "Send"
    this.button = element("button", { text: title, className: this.destroys ? "destroys" : "" })
    const made = element(
      "form",
      { className: "inside" },
      element("p", {}, ...worded(this.operation.description)),
      this.parameters.length && element("h3", { text: "Parameters" }),
      this.parameters.length && this.parameterTable(),
      this.body && element("h3", { text: "Body" }),
      this.body && fieldTable(this.api, this.body.schema, true),
      this.body && this.bodyInput(),
      element("h3", { text: "Answers" }),
      ...answers,
      element("h3", { text: "With curl" }),
      this.curl,
      this.button,
      this.said,
    )
    made.addEventListener("input", () => this.showCurl())
    made.addEventListener("submit", event => {
      event.preventDefault()
      this.send()
    })
    this.showCurl()
    return made
  }

  parameterTable() {
    const rows = this.parameters.map(({ name, in: place, schema, required, description }) => {
      const input = element("input", { placeholder: schema?.default ?? "", ariaLabel: name, required, autocomplete: "off" })
      if (name === "name") input.setAttribute("list", "experiments")
      this.inputs.set(name, { input, place })
      const word = [place, required ? "required" : "", description ?? ""].filter(Boolean).join(", ")
      return element(
        "tr",
        {},
        element("td", {}, element("code", { text: name })),
        element("td", {}, element("code", { className: "gray", text: typeOf(schema) })),
        element("td", { text: word }),
        element("td", {}, input),
      )
    })
    return element("table", {}, ...rows)
  }

  bodyInput() {
    this.bodyText = element("textarea", { ariaLabel: "Body", spellcheck: false })
    this.bodyText.value = JSON.stringify(this.body.example ?? example(this.api, this.body.schema) ?? {}, null, 2)
    this.bodyText.rows = Math.min(this.bodyText.value.split("\n").length + 1, GREATEST_LINES)
    return this.bodyText
  }

  address() {
    const query = new URLSearchParams()
    let path = this.path
    for (const [name, { input, place }] of this.inputs) {
      if (place === "path" && input.value) path = path.replace(`{${name}}`, encodeURIComponent(input.value))
      if (place === "query") for (const value of this.values(name, input.value)) query.append(name, value)
    }
    return path + (query.size ? `?${query}` : "")
  }

  // A list is written with commas.
  values(name, text) {
    const schema = this.parameters.find(each => each.name === name).schema ?? {}
    const isList = [schema, ...(schema.anyOf ?? [])].some(each => each.type === "array")
    return (isList ? text.split(",").map(each => each.trim()) : [text]).filter(Boolean)
  }

  showCurl() {
    const parts = [`curl "${location.origin}${this.address()}"`]
    if (this.method !== "get") parts.push(`-X ${this.method.toUpperCase()}`)
    if (this.bodyText) parts.push(`-H "Content-Type: application/json"`, `-d '${this.bodyText.value.replaceAll("'", "'\\''")}'`)
    this.curl.textContent = parts.join(" \\\n  ")
  }

  async send() {
    const address = this.address()
    if (this.destroys && !confirm(`${this.method.toUpperCase()} ${decodeURIComponent(address)}: this cannot be undone.`)) return
    this.button.disabled = true
    try {
      const body = this.bodyText?.value
      const options = { method: this.method.toUpperCase(), headers: body ? { "Content-Type": "application/json" } : {}, body }
      const began = performance.now()
      const answer = await fetch(address, options)
      const content = await answer.blob()
      const took = Math.round(performance.now() - began)
      this.say(`${answer.status} ${answer.statusText} in ${took} ms`, await shown(answer, content), saveLink(answer, content))
    } catch (error) {
      this.say(`No answer: ${error.message}. Is the server still running?`)
    } finally {
      this.button.disabled = false
    }
  }

  say(line, text, link) {
    this.said.replaceChildren(element("p", { text: line }, link), ...(text ? [element("pre", { text, tabIndex: 0 })] : []))
  }
}

async function shown(answer, content) {
  if (!/json|text/.test(content.type)) return ""
  let whole = await content.text()
  if (content.type.includes("json")) whole = JSON.stringify(JSON.parse(whole), null, 2)
  return whole.length > GREATEST_SHOWN ? `${whole.slice(0, GREATEST_SHOWN)}\n… cut: ${whole.length} characters in all` : whole
}

// A file is there to be saved.
function saveLink(answer, content) {
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1]
  return name && element("a", { text: `Save ${name}`, href: URL.createObjectURL(content), download: name, className: "save" })
}
