// Switches of how something is drawn: they outlive runs and reloads.

export function storedSwitches(key, defaults) {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(key) ?? "{}") };
  } catch {
    return { ...defaults }; // storage may be forbidden; the switches then live as long as the component
  }
}

export function storeSwitches(key, state) {
  try {
    localStorage.setItem(key, JSON.stringify(state));
  } catch {
    // storage is full or forbidden: see storedSwitches
  }
}
