// The ends of runs that this browser has seen running, until they are dismissed or opened; shared by all tabs.
const WATCHED = "dw-simulator:watched-runs"
const ENDED = "dw-simulator:ended-runs"
const KEPT_MILLISECONDS = 30 * 60 * 1000
const MAX_KEPT = 5

export const keyOf = run => `${run.experiment}/${run.id}/${run.started_at}`

export class Ended {
  // The start of the oldest run that is still waited for, in the server's time.
  since() {
    return Object.values(read(WATCHED)).sort()[0] ?? null
  }

  // Note the running runs, and return those that have just ended.
  update(runs) {
    const watched = read(WATCHED)
    const ended = read(ENDED)
    const news = []
    for (const run of runs) {
      const key = keyOf(run)
      if (run.status === "RUNNING") watched[key] = run.started_at
      else if (key in watched) {
        delete watched[key]
        news.push(run)
        ended[key] = { ...run, progress: null, told_at: Date.now() }
      }
    }
    const listed = new Set(runs.map(keyOf))
    for (const key of Object.keys(watched)) if (!listed.has(key)) delete watched[key] // deleted, or resumed since
    write(WATCHED, watched)
    write(ENDED, Object.fromEntries(Object.entries(ended).filter(isFresh).slice(-MAX_KEPT)))
    return news
  }

  shown() {
    return Object.entries(read(ENDED))
      .filter(isFresh)
      .map(([, run]) => run)
      .filter(run => !isOnItsPage(run))
  }

  dismiss(run) {
    const ended = read(ENDED)
    delete ended[keyOf(run)]
    write(ENDED, ended)
  }
}

const isFresh = ([, run]) => Date.now() - run.told_at < KEPT_MILLISECONDS

// The Generate page of an experiment and the address of a run show the end themselves.
function isOnItsPage(run) {
  const asked = new URLSearchParams(location.search)
  if (document.hidden || asked.get("experiment")?.toLowerCase() !== run.experiment.toLowerCase()) return false
  return location.pathname.endsWith("/generate") || asked.get("run") === String(run.id)
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {}
  } catch {
    return {}
  }
}

function write(key, value) {
  try {
    const text = JSON.stringify(value)
    if (localStorage.getItem(key) !== text) localStorage.setItem(key, text)
  } catch {
    // A browser that stores nothing forgets the ends with the tab.
  }
}
