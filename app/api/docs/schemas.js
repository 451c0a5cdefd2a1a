// Renders the schemas of openapi.json: type names, tables of fields, and example bodies.
import { element, fold, formatText } from "./elements.js"

// Resolves a reference, and drops "| null".
function resolve(api, schema) {
  const one = schema?.anyOf?.filter(each => each.type !== "null")
  if (one?.length === 1) return resolve(api, one[0])
  if (!schema?.$ref) return schema ?? {}
  return schema.$ref.slice(2).split("/").reduce((node, key) => node[key], api)
}

// Short name of a type: `integer`, `[string]`, `"csv" | "json"`, or the name of a schema.
export function typeOf(schema = {}) {
  if (schema.$ref) return schema.$ref.split("/").at(-1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(" | ")
  if (schema.anyOf ?? schema.oneOf) return (schema.anyOf ?? schema.oneOf).map(typeOf).join(" | ")
  if (schema.type === "array") return schema.items ? `[${typeOf(schema.items)}]` : "[any]"
  if (schema.type === "object" && schema.additionalProperties?.type) return `{name: ${typeOf(schema.additionalProperties)}}`
  return schema.format ?? schema.type ?? "any"
}

// Required fields and defaults are shown for a request body, not for a response.
export function fieldTable(api, schema, isRequest = false) {
  const { properties = {}, required = [] } = itemSchema(api, schema)
  const rows = Object.entries(properties).map(([name, field]) =>
    element(
      "tr",
      {},
      element("td", {}, element("code", { text: name })),
      element("td", {}, element("code", { className: "gray", text: typeOf(field) })),
      element(
        "td",
        {},
        ...formatText(isRequest ? describeField(field, required.includes(name)) : field.description),
        hasFields(api, field) && fold("Fields", () => fieldTable(api, field, isRequest)),
      ),
    ),
  )
  return rows.length ? element("table", {}, ...rows) : element("code", { className: "gray", text: typeOf(schema) })
}

function describeField(field, isRequired) {
  const defaultText = field.default === undefined || field.default === null ? "" : `Default \`${JSON.stringify(field.default)}\`.`
  return [isRequired ? "Required." : "", field.description ?? "", defaultText].filter(Boolean).join(" ")
}

// The schema of the items of a list or mapping.
function itemSchema(api, schema) {
  const whole = resolve(api, schema)
  if (whole.type === "array") return itemSchema(api, whole.items)
  return whole.additionalProperties?.$ref ? resolve(api, whole.additionalProperties) : whole
}

function hasFields(api, schema) {
  return Boolean(itemSchema(api, schema).properties)
}

// An example body: the documented one, otherwise the required fields.
export function example(api, schema, depth = 0) {
  const whole = resolve(api, schema)
  if (whole.examples?.length) return whole.examples[0]
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
