// Draws openapi.json: its groups of routes, and the field that finds one.
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
    const words = api.tags?.find(tag => tag.name === group)?.description ?? ""
    const head = [element("h2", { text: group }), element("p", { className: "gray", text: words })]
    return { section: element("section", {}, ...head, ...members.map(route => route.element)), members }
  })
  const nothing = element("p", { className: "gray", text: "No route has these words.", hidden: true })
  routes.replaceChildren(...sections.map(({ section }) => section), nothing)
  const count = sections.reduce((sum, { members }) => sum + members.length, 0)
  summary.textContent = `${api.info.summary ?? ""} ${count} routes; open one to read and to try it.`
  document.querySelector("#find").addEventListener("input", event => {
    const wanted = event.target.value.trim().toLowerCase().split(/\s+/)
    for (const { section, members } of sections) {
      for (const { element: shown, words } of members) shown.hidden = !wanted.every(word => words.includes(word))
      section.hidden = members.every(route => route.element.hidden)
    }
    nothing.hidden = sections.some(({ section }) => !section.hidden)
  })
}

// A link may name a route: docs#start_run.
function openNamed() {
  const named = document.getElementById(location.hash.slice(1))
  if (!named?.matches("details.route")) return
  named.open = true
  named.scrollIntoView()
}

// The names of the experiments, for the fields that ask for one.
async function offerExperiments() {
  const { experiments } = await (await fetch("experiments")).json()
  const options = experiments.map(({ name }) => element("option", { value: name }))
  document.querySelector("#experiments").replaceChildren(...options)
}

try {
  const answer = await fetch("openapi.json")
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`)
  draw(await answer.json())
  openNamed()
  await offerExperiments()
  addEventListener("hashchange", openNamed)
  addEventListener("focus", offerExperiments)
} catch (error) {
  summary.textContent = `The description could not be read: ${error.message}.`
}
