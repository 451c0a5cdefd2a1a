// The app's light or dark scheme for the whole document: Streamlit sets it on the app alone, but draws menus, dialogs and
// toasts beside the app, where `light-dark()` would be light.
let watched = null

export function followScheme() {
  const app = document.querySelector('[data-testid="stApp"]')
  if (!app) return
  const copy = () => {
    const { colorScheme } = getComputedStyle(app)
    const root = document.documentElement
    if (root.style.colorScheme !== colorScheme) root.style.colorScheme = colorScheme
  }
  copy()
  if (watched === app) return
  watched = app
  new MutationObserver(copy).observe(app, { attributeFilter: ["class"] }) // the theme is a class of the app
}
