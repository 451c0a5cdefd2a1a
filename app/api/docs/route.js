// One route: parameters, body, responses, the curl command, and a form that sends the request.
import { element, fold, formatText } from "./elements.js"
import { example, fieldTable, typeOf } from "./schemas.js"

const MAX_SHOWN_CHARACTERS = 20_000
const MAX_BODY_LINES = 20

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
    const details = element("details", { className: "route", id: this.operation.operationId }, head)
    details.addEventListener("toggle", () => {
      if (!details.open) return
      if (details.children.length === 1) details.append(this.renderContent())
      history.replaceState(null, "", `#${details.id}`)
    })
    return details
  }

  renderContent() {
    this.curl = element("pre", { tabIndex: 0 })
    this.output = element("div")
    this.output.setAttribute("role", "status")
    const responses = Object.entries(this.operation.responses ?? {}).map(([status, response]) => {
      const schema = response.content?.["application/json"]?.schema
      const title = `${status} ${response.description}`
      return schema ? fold(title, () => fieldTable(this.api, schema)) : element("p", { text: title })
    })
    const title = this.destroys ? `${this.operation.summary} …` : "Send"
    this.button = element("button", { text: title, className: this.destroys ? "destroys" : "" })
    const made = element(
      "form",
      { className: "inside" },
      element("p", {}, ...formatText(this.operation.description)),
      this.parameters.length && element("h3", { text: "Parameters" }),
      this.parameters.length && this.parameterTable(),
      this.body && element("h3", { text: "Body" }),
      this.body && fieldTable(this.api, this.body.schema, true),
      this.body && this.bodyInput(),
      element("h3", { text: "Responses" }),
      ...responses,
      element("h3", { text: "With curl" }),
      this.curl,
      this.button,
      this.output,
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
    this.bodyText.rows = Math.min(this.bodyText.value.split("\n").length + 1, MAX_BODY_LINES)
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

  // A list is entered with commas.
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
      const response = await fetch(address, options)
      const content = await response.blob()
      const took = Math.round(performance.now() - began)
      this.showOutput(`${response.status} ${response.statusText} in ${took} ms`, await formatContent(content), saveLink(response, content))
    } catch (error) {
      this.showOutput(`No response: ${error.message}. Is the server running?`)
    } finally {
      this.button.disabled = false
    }
  }

  showOutput(line, text, link) {
    this.output.replaceChildren(element("p", { text: line }, link), ...(text ? [element("pre", { text, tabIndex: 0 })] : []))
  }
}

async function formatContent(content) {
  if (!/json|text/.test(content.type)) return ""
  let whole = await content.text()
  if (content.type.includes("json")) whole = JSON.stringify(JSON.parse(whole), null, 2)
  return whole.length > MAX_SHOWN_CHARACTERS ? `${whole.slice(0, MAX_SHOWN_CHARACTERS)}\n… truncated: ${whole.length} characters in total` : whole
}

// A link to save a file response.
function saveLink(response, content) {
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1]
  return name && element("a", { text: `Save ${name}`, href: URL.createObjectURL(content), download: name, className: "save" })
}
