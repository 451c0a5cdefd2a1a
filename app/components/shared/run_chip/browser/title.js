// The title of the browser's tab: "34 % shop - DW Simulator" during a run, "done: shop - DW Simulator" after it.
import { OUTCOMES, percent } from "./words.js"

let prefix = ""
let base = document.title

const whole = () => (prefix ? `${prefix} - ${base}` : base)

// Streamlit sets the title at every rerun: what it sets becomes the end of ours.
new MutationObserver(() => {
  if (document.title === whole()) return
  base = document.title
  document.title = whole()
}).observe(document.head, { subtree: true, childList: true, characterData: true })

export function showTitle(runs, ended) {
  prefix = words(runs, ended)
  if (document.title !== whole()) document.title = whole()
}

function words(runs, ended) {
  if (runs.length) {
    const done = runs.reduce((sum, run) => sum + run.progress.fraction, 0) / runs.length
    return `${percent(done)} ${runs.length === 1 ? runs[0].experiment : `${runs.length} runs`}`
  }
  const last = ended.at(-1)
  return last ? `${OUTCOMES[last.status].title}: ${last.experiment}` : ""
}
