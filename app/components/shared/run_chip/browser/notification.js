// A notification of the browser at the end of a run, if the user has allowed it by a click.
import { keyOf } from "./ended.js"
import { number, outcomeOf, rows } from "./words.js"

export const canAsk = () => "Notification" in window && isSecureContext && Notification.permission === "default"

export const ask = () => Notification.requestPermission()

export function announce(run, open) {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return
  try {
    // Tabs that report the same run replace each other's notification.
    const told = new Notification(`${run.experiment}: run ${run.id} ${outcomeOf(run)}`, {
      body: run.status === "COMPLETED" ? `${number(rows(run))} rows` : (run.error ?? ""),
      tag: keyOf(run),
    })
    told.onclick = () => {
      window.focus()
      told.close()
      open()
    }
  } catch {
    // Phones only notify from a service worker.
  }
}
