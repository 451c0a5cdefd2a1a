// Creates the elements of the page; text is never parsed as HTML.
export function element(name, { text, className, ...rest } = {}, ...children) {
  const made = document.createElement(name)
  if (text !== undefined) made.textContent = text
  if (className) made.className = className
  Object.assign(made, rest)
  made.append(...children.filter(Boolean))
  return made
}

// Text with `names` as code elements.
export function formatText(text = "") {
  return text.split("`").map((part, index) => (index % 2 ? element("code", { text: part }) : part))
}

// A collapsible section, rendered when first opened.
export function fold(title, make) {
  const made = element("details", {}, element("summary", { text: title }))
  made.addEventListener("toggle", () => made.open && made.children.length === 1 && made.append(make()))
  return made
}
