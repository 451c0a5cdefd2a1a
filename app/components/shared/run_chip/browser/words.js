// How runs are called: phases, outcomes, percents and durations.
export const PHASES = { waiting: "Preparing", generating: "Generating", loading: "Loading into DuckDB", done: "Finishing" }

export const OUTCOMES = {
  COMPLETED: { title: "done", label: "finished", kind: "good" },
  FAILED: { title: "failed", label: "failed", kind: "bad" },
  ABORTED: { title: "cancelled", label: "cancelled", kind: "neutral" },
}

export const outcomeOf = run =>
  run.status === "ABORTED" && !/cancel/i.test(run.error ?? "") ? "interrupted" : OUTCOMES[run.status].label

// 100 % is for the end.
export const percent = fraction => `${Math.min(Math.floor(fraction * 100), 99)} %`

export function left(seconds) {
  if (seconds === null || seconds === undefined) return ""
  if (seconds < 60) return `${Math.max(Math.ceil(seconds), 1)} s left`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min left`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min left`
}

export const number = value => value.toLocaleString("en-US")
export const rows = run => Object.values(run.row_counts).reduce((sum, each) => sum + each, 0)
