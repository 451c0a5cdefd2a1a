// The times on the pages: "29 s ago" ticks, and a UTC time becomes one of this browser's time zone.
const UNITS = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"]] // prettier-ignore

export function tick() {
  for (const time of document.querySelectorAll("time[datetime].ago, time[datetime].local")) {
    const when = new Date(time.dateTime)
    const local = localTime(when)
    const utc = `${when.toISOString().slice(0, 19).replace("T", " ")} UTC`
    const isLocal = time.classList.contains("local")
    set(time, "textContent", isLocal ? local : ago((Date.now() - when) / 1000))
    set(time, "title", isLocal ? utc : `${local} (${utc})`)
  }
}

function set(element, property, value) {
  if (element[property] !== value) element[property] = value
}

function ago(seconds) {
  if (seconds < 10) return "just now"
  for (const [limit, size, unit] of UNITS) if (seconds < limit) return `${Math.floor(seconds / size)} ${unit} ago`
  const days = Math.floor(seconds / 86400)
  return `${days.toLocaleString("en-US")} ${days === 1 ? "day" : "days"} ago`
}

function localTime(when) {
  const two = number => String(number).padStart(2, "0")
  const date = [when.getFullYear(), two(when.getMonth() + 1), two(when.getDate())].join("-")
  return `${date} ${[when.getHours(), when.getMinutes(), when.getSeconds()].map(two).join(":")}`
}
