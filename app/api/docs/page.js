// Renders openapi.json: groups of routes, and the search field.
import { element } from "./elements.js"
import { Route } from "./route.js"

const METHODS = ["get", "post", "put", "patch", "delete"]
const routes = document.querySelector("#routes")
const summary = document.querySelector("#summary")

function grouped(api) {
  const groups = new Map((api.tags ?? []).map(tag => [tag.name, []]))
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const method of METHODS.filter(each => operations[each])) {
      const group = operations[method].tags?.[0] ?? "other"
      groups.set(group, [...(groups.get(group) ?? []), new Route(api, method, path, operations[method])])
    }
  }
  return [...groups].filter(([, members]) => members.length)
}

function draw(api) {
  const sections = grouped(api).map(([group, members]) => {
    const description = api.tags?.find(tag => tag.name === group)?.description ?? ""
    const head = [element("h2", { text: group }), element("p", { className: "gray", text: description })]
    return { section: element("section", {}, ...head, ...members.map(route => route.element)), members }
  })
  const nothing = element("p", { className: "gray", text: "No route matches.", hidden: true })
  routes.replaceChildren(...sections.map(({ section }) => section), nothing)
  const count = sections.reduce((sum, { members }) => sum + members.length, 0)
  summary.textContent = `${api.info.summary ?? ""} ${count} routes. Open one to read and try it.`
  document.querySelector("#find").addEventListener("input", event => {
    const wanted = event.target.value.trim().toLowerCase().split(/\s+/)
    for (const { section, members } of sections) {
      for (const { element: shown, words } of members) shown.hidden = !wanted.every(word => words.includes(word))
      section.hidden = members.every(route => route.element.hidden)
    }
    nothing.hidden = sections.some(({ section }) => !section.hidden)
  })
}

// A link can point to a route: docs#start_run.
function openLinkedRoute() {
  const named = document.getElementById(location.hash.slice(1))
  if (!named?.matches("details.route")) return
  named.open = true
  named.scrollIntoView()
}

// Suggests the names of the experiments in the fields for one.
async function suggestExperiments() {
  const { experiments } = await (await fetch("experiments")).json()
  const options = experiments.map(({ name }) => element("option", { value: name }))
  document.querySelector("#experiments").replaceChildren(...options)
}

try {
  const response = await fetch("openapi.json")
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
  draw(await response.json())
  openLinkedRoute()
  await suggestExperiments()
  addEventListener("hashchange", openLinkedRoute)
  addEventListener("focus", suggestExperiments)
} catch (error) {
  summary.textContent = `Cannot load the API description: ${error.message}.`
}
