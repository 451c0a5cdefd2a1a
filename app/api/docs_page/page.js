// Draws openapi.json: the routes by group, each with its inputs, its answers and a form that sends a request.
const METHODS = ["get", "post", "put", "delete"]
const LONGEST_SHOWN = 20_000
const DEEPEST = 6

const api = await (await fetch("openapi.json")).json()
const base = location.pathname.replace(/\/docs\/?$/, "")

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter(child => child != null))
  return element
}

function resolved(schema) {
  return schema?.$ref ? schema.$ref.slice(2).split("/").reduce((found, key) => found[key], api) : (schema ?? {})
}

function typeOf(schema) {
  if (schema?.$ref) return schema.$ref.split("/").pop()
  const { anyOf, oneOf, type, items, enum: words, const: only } = schema ?? {}
  if (anyOf || oneOf) return [...new Set((anyOf ?? oneOf).map(typeOf))].join(" or ")
  if (words) return words.join(" | ")
  if (only !== undefined) return String(only)
  if (type === "array") return `list of ${typeOf(items)}`
  return type ?? "anything"
}

// A value of the schema's shape: its example or default, else what is required of it.
function example(schema, depth = 0) {
  const found = resolved(schema)
  if (found.example !== undefined) return found.example
  if (found.examples?.length) return found.examples[0]
  if (found.default !== undefined) return found.default
  if (found.const !== undefined) return found.const
  if (found.enum) return found.enum[0]
  const either = found.anyOf ?? found.oneOf
  if (either) return example(either.find(one => one.type !== "null"), depth)
  if (depth > DEEPEST) return null
  if (found.type === "array") return [example(found.items, depth + 1)]
  if (found.type === "object" || found.properties) {
    const wanted = Object.entries(found.properties ?? {}).filter(([name]) => found.required?.includes(name))
    return Object.fromEntries(wanted.map(([name, of]) => [name, example(of, depth + 1)]))
  }
  return { string: "", integer: found.minimum ?? 0, number: found.minimum ?? 0, boolean: false }[found.type] ?? null
}

function table(headers, rows) {
  const head = make("tr", {}, ...headers.map(header => make("th", { scope: "col" }, header)))
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows.map(row =>
    make("tr", {}, ...row.map(cell => make("td", {}, cell ?? ""))))))
}

function fields(schema) {
  const found = resolved(schema)
  if (!found.properties) return make("p", { class: "faint" }, typeOf(schema))
  return table(["Field", "Type", "Meaning"], Object.entries(found.properties).map(([name, of]) => [
    make("code", {}, name + (found.required?.includes(name) ? " *" : "")), typeOf(of), of.description,
  ]))
}

function bodySchema(operation) {
  return operation.requestBody?.content?.["application/json"]?.schema
}

// The form's inputs are made with the route's first opening: a page of closed folds is quick.
function drawn(method, path, operation) {
  const room = make("div")
  if (operation.description) room.append(make("p", {}, operation.description))
  const inputs = (operation.parameters ?? []).map(parameter => {
    const { name, in: where, required, schema, description } = parameter
    const input = make("input", { value: schema?.default ?? "", placeholder: typeOf(schema), spellcheck: "false" })
    const words = make("span", {}, make("code", {}, name + (required ? " *" : "")), description ? ` ${description}` : "")
    return { name, where, input, row: make("label", {}, words, input) }
  })
  const schema = bodySchema(operation)
  const text = schema && JSON.stringify(example(schema), null, 2)
  const body = schema && make("textarea", { rows: Math.min(14, text.split("\n").length + 1), spellcheck: "false", "aria-label": "Body" })
  if (body) {
    body.value = text
    room.append(make("h3", {}, "Body"), fields(schema))
  }
  room.append(make("h3", {}, "Answers"), table(["Status", "Meaning", "Body"], Object.entries(operation.responses).map(
    ([status, answer]) => [status, answer.description, Object.values(answer.content ?? {}).map(of => typeOf(of.schema)).join(", ")])))

  const outcome = make("div", { "aria-live": "polite" })
  const command = make("pre")
  const asked = () => {
    let address = base + path
    const query = new URLSearchParams()
    for (const { name, where, input } of inputs) {
      if (where === "path") address = address.replace(`{${name}}`, encodeURIComponent(input.value))
      else if (input.value !== "") query.set(name, input.value)
    }
    return address + (query.size ? `?${query}` : "")
  }
  const quoted = words => `'${words.replaceAll("'", "'\\''")}'`
  const tell = () => {
    const verb = method === "get" ? "" : ` -X ${method.toUpperCase()}`
    const sent = body?.value ? ` -H "Content-Type: application/json" -d ${quoted(body.value)}` : ""
    command.textContent = `curl${verb} ${quoted(location.origin + asked())}${sent}`
  }
  const send = make("button", { type: "submit" }, "Send")
  const form = make("form", {}, ...inputs.map(({ row }) => row), body, command, send)
  form.addEventListener("input", tell)
  form.addEventListener("submit", async event => {
    event.preventDefault()
    if (method === "delete" && !confirm(`Really DELETE ${asked()}?`)) return
    send.disabled = true
    outcome.replaceChildren(make("p", { class: "faint" }, "Waiting …"))
    try {
      const options = { method: method.toUpperCase() }
      if (body?.value) Object.assign(options, { body: body.value, headers: { "Content-Type": "application/json" } })
      const answer = await fetch(asked(), options)
      outcome.replaceChildren(make("p", {}, make("strong", {}, `${answer.status} ${answer.statusText}`)), make("pre", {}, pretty(await answer.text())))
    } catch (fault) {
      outcome.replaceChildren(make("p", {}, `No answer: ${fault.message}`))
    }
    send.disabled = false
  })
  tell()
  room.append(make("h3", {}, "Try it"), form, outcome)
  return room
}

function pretty(text) {
  let shown = text
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2)
  } catch { /* not JSON: as it came */ }
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}\n…` : shown
}

const groups = new Map()
for (const [path, operations] of Object.entries(api.paths)) {
  for (const method of METHODS.filter(verb => operations[verb])) {
    const operation = operations[method]
    const fold = make("details", { id: operation.operationId }, make("summary", {},
      make("b", { class: `method ${method}` }, method.toUpperCase()), make("code", {}, base + path), make("span", {}, operation.summary)))
    fold.addEventListener("toggle", () => fold.append(drawn(method, path, operation)), { once: true })
    fold.dataset.words = `${method} ${path} ${operation.summary} ${operation.description ?? ""}`.toLowerCase()
    const group = operation.tags?.[0] ?? "other"
    groups.set(group, [...(groups.get(group) ?? []), fold])
  }
}
const routes = document.querySelector("#routes")
routes.replaceChildren(...[...groups].map(([name, folds]) => make("section", {}, make("h2", {}, name), ...folds)))

document.querySelector("#search").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase().split(/\s+/)
  for (const section of routes.children) {
    const folds = [...section.querySelectorAll("details")]
    for (const fold of folds) fold.hidden = !words.every(word => fold.dataset.words.includes(word))
    section.hidden = folds.every(fold => fold.hidden)
  }
})
