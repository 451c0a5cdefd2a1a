// Reads the schemas of openapi.json: a type in few words, the table of its fields, and a body to begin with.
import { element, fold, worded } from "./elements.js"

// The schema itself: behind its name, and without a "| null".
function resolved(api, schema) {
  const one = schema?.anyOf?.filter(each => each.type !== "null")
  if (one?.length === 1) return resolved(api, one[0])
  if (!schema?.$ref) return schema ?? {}
  return schema.$ref.slice(2).split("/").reduce((place, key) => place[key], api)
}

// A type in a few words: `integer`, `[string]`, `"csv" | "json"`, or the name of a schema.
export function typeOf(schema = {}) {
  if (schema.$ref) return schema.$ref.split("/").at(-1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(" | ")
  if (schema.anyOf ?? schema.oneOf) return (schema.anyOf ?? schema.oneOf).map(typeOf).join(" | ")
  if (schema.type === "array") return schema.items ? `[${typeOf(schema.items)}]` : "[any]"
  if (schema.type === "object" && schema.additionalProperties?.type) return `{name: ${typeOf(schema.additionalProperties)}}`
  return schema.format ?? schema.type ?? "any"
}

// What must be given and what else is taken is told of a body, not of an answer.
export function fieldTable(api, schema, isGiven = false) {
  const { properties = {}, required = [] } = inner(api, schema)
  const rows = Object.entries(properties).map(([name, field]) =>
    element(
      "tr",
      {},
      element("td", {}, element("code", { text: name })),
      element("td", {}, element("code", { className: "gray", text: typeOf(field) })),
      element(
        "td",
        {},
        ...worded(isGiven ? sentence(field, required.includes(name)) : field.description),
        hasFields(api, field) && fold("Fields", () => fieldTable(api, field, isGiven)),
      ),
    ),
  )
  return rows.length ? element("table", {}, ...rows) : element("code", { className: "gray", text: typeOf(schema) })
}

function sentence(field, isRequired) {
  const usual = field.default === undefined || field.default === null ? "" : `Default \`${JSON.stringify(field.default)}\`.`
  return [isRequired ? "Required." : "", field.description ?? "", usual].filter(Boolean).join(" ")
}

// The schema of what a list or a mapping holds.
function inner(api, schema) {
  const whole = resolved(api, schema)
  if (whole.type === "array") return inner(api, whole.items)
  return whole.additionalProperties?.$ref ? resolved(api, whole.additionalProperties) : whole
}

function hasFields(api, schema) {
  return Boolean(inner(api, schema).properties)
}

// A body to begin with: the one that is written down, else the required fields.
export function example(api, schema, depth = 0) {
  const whole = resolved(api, schema)
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
