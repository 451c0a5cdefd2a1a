// Draws openapi.json: each route with its parameters, its body, its answers, the curl line, and a form that sends it.
const GREATEST_SHOWN = 20_000
const METHODS = ["get", "post", "put", "patch", "delete"]
const routes = document.querySelector("#routes")
const summary = document.querySelector("#summary")

function element(name, { text, className, ...rest } = {}, ...children) {
  const made = document.createElement(name)
  if (text !== undefined) made.textContent = text
  if (className) made.className = className
  Object.assign(made, rest)
  made.append(...children.filter(Boolean))
  return made
}

// The schema itself: behind its name, and without a "| null".
function resolved(api, schema) {
  const one = schema?.anyOf?.filter(each => each.type !== "null")
  if (one?.length === 1) return resolved(api, one[0])
  if (!schema?.$ref) return schema ?? {}
  return schema.$ref.slice(2).split("/").reduce((place, key) => place[key], api)
}

// A type in a few words: `integer`, `[string]`, `"csv" | "json"`, or the name of a schema.
function typeOf(schema = {}) {
  if (schema.$ref) return schema.$ref.split("/").at(-1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(" | ")
  if (schema.anyOf ?? schema.oneOf) return (schema.anyOf ?? schema.oneOf).map(typeOf).join(" | ")
  if (schema.type === "array") return `[${typeOf(schema.items ?? {})}]`
  if (schema.type === "object" && schema.additionalProperties?.type) return `{name: ${typeOf(schema.additionalProperties)}}`
  return schema.format ?? schema.type ?? "any"
}

function fieldTable(api, schema) {
  const { properties = {}, required = [] } = resolved(api, schema)
  const rows = Object.entries(properties).map(([name, field]) =>
    element(
      "tr",
      {},
      element("td", {}, element("code", { text: name })),
      element("td", {}, element("code", { className: "gray", text: typeOf(field) })),
      element("td", { text: [required.includes(name) ? "required" : "", field.description ?? ""].filter(Boolean).join(". ") }),
    ),
  )
  return rows.length ? element("table", {}, ...rows) : element("code", { className: "gray", text: typeOf(schema) })
}

// A body to begin with: the required fields, and those that are simple.
function example(api, schema, depth = 0) {
  const whole = resolved(api, schema)
  if (whole.default !== undefined && whole.default !== null) return whole.default
  if (whole.enum) return whole.enum[0]
  const first = (whole.anyOf ?? whole.oneOf)?.[0]
  if (first) return example(api, first, depth)
  if (whole.type === "array") return depth > 3 ? [] : [example(api, whole.items ?? {}, depth + 1)]
  if (whole.type === "object" || whole.properties) {
    const wanted = Object.keys(whole.properties ?? {}).filter(name => (whole.required ?? []).includes(name))
    return Object.fromEntries(wanted.map(name => [name, example(api, whole.properties[name], depth + 1)]))
  }
  return { integer: 1, number: 1, boolean: true, string: "text" }[whole.type] ?? null
}

class Route {
  constructor(api, method, path, operation) {
    Object.assign(this, { api, method, path, operation })
    this.parameters = operation.parameters ?? []
    this.body = operation.requestBody?.content?.["application/json"]?.schema
    this.inputs = new Map()
    this.words = `${method} ${path} ${operation.summary ?? ""} ${operation.description ?? ""}`.toLowerCase()
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
    const room = element("details", { className: "route" }, head)
    room.addEventListener("toggle", () => room.open && room.children.length === 1 && room.append(this.inside()), { once: true })
    return room
  }

  inside() {
    this.curl = element("pre")
    this.said = element("div")
    const answers = Object.entries(this.operation.responses ?? {}).map(([status, answer]) => {
      const schema = answer.content?.["application/json"]?.schema
      return element("details", {}, element("summary", { text: `${status} ${answer.description}` }), schema && fieldTable(this.api, schema))
    })
    const send = element("button", { text: "Send", className: this.method === "get" ? "" : "changes" })
    send.addEventListener("click", () => this.send(send))
    const made = element(
      "div",
      { className: "inside" },
      element("p", { text: this.operation.description ?? "" }),
      this.parameters.length && element("h3", { text: "Parameters" }),
      this.parameters.length && this.parameterTable(),
      this.body && element("h3", { text: "Body" }),
      this.body && fieldTable(this.api, this.body),
      this.body && this.bodyInput(),
      element("h3", { text: "Answers" }),
      ...answers,
      element("h3", { text: "With curl" }),
      this.curl,
      send,
      this.said,
    )
    made.addEventListener("input", () => this.showCurl())
    this.showCurl()
    return made
  }

  parameterTable() {
    const rows = this.parameters.map(({ name, in: place, schema, required, description }) => {
      const input = element("input", { placeholder: schema?.default ?? "", ariaLabel: name })
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
    this.bodyText.value = JSON.stringify(example(this.api, this.body) ?? {}, null, 2)
    return this.bodyText
  }

  address() {
    const query = new URLSearchParams()
    let path = this.path
    for (const [name, { input, place }] of this.inputs) {
      if (place === "path" && input.value) path = path.replace(`{${name}}`, encodeURIComponent(input.value))
      if (place === "query" && input.value) query.set(name, input.value)
    }
    const base = this.api.servers?.[0]?.url ?? "/api"
    return base + path + (query.size ? `?${query}` : "")
  }

  showCurl() {
    const parts = [`curl "${location.origin}${this.address()}"`]
    if (this.method !== "get") parts.push(`-X ${this.method.toUpperCase()}`)
    if (this.bodyText) parts.push(`-H "Content-Type: application/json"`, `-d '${this.bodyText.value.replaceAll("'", "'\\''")}'`)
    this.curl.textContent = parts.join(" \\\n  ")
  }

  async send(button) {
    const missing = [...this.inputs].find(([, { input, place }]) => place === "path" && !input.value)
    if (missing) return this.say(`Fill in “${missing[0]}” first.`)
    button.disabled = true
    try {
      const body = this.bodyText?.value
      const options = { method: this.method.toUpperCase(), headers: body ? { "Content-Type": "application/json" } : {}, body }
      const answer = await fetch(this.address(), options)
      this.say(`${answer.status} ${answer.statusText}`, shown(await answer.text()))
    } catch (error) {
      this.say(`No answer: ${error.message}. Is the server still running?`)
    } finally {
      button.disabled = false
    }
  }

  say(line, text) {
    this.said.replaceChildren(element("p", { text: line }), ...(text ? [element("pre", { text })] : []))
  }
}

function shown(text) {
  let whole = text
  try {
    whole = JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // not JSON: as it is
  }
  return whole.length > GREATEST_SHOWN ? `${whole.slice(0, GREATEST_SHOWN)}\n… cut: ${whole.length} characters in all` : whole
}

function draw(api) {
  const groups = new Map()
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const method of METHODS.filter(each => operations[each])) {
      const route = new Route(api, method, path, operations[method])
      const group = operations[method].tags?.[0] ?? "other"
      groups.set(group, [...(groups.get(group) ?? []), route])
    }
  }
  const sections = [...groups].map(([group, members]) => {
    const section = element("section", {}, element("h2", { text: group }), ...members.map(route => route.element))
    return { section, members }
  })
  routes.replaceChildren(...sections.map(({ section }) => section))
  const count = sections.reduce((sum, { members }) => sum + members.length, 0)
  summary.textContent = `${api.info.summary ?? ""} ${count} routes; open one to read and to try it.`
  document.querySelector("#find").addEventListener("input", event => {
    const wanted = event.target.value.trim().toLowerCase()
    for (const { section, members } of sections) {
      for (const { element: shownElement, words } of members) shownElement.hidden = !words.includes(wanted)
      section.hidden = members.every(route => route.element.hidden)
    }
  })
}

try {
  const answer = await fetch("openapi.json")
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`)
  draw(await answer.json())
} catch (error) {
  summary.textContent = `The description could not be read: ${error.message}.`
}
