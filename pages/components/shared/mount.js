// From Streamlit's calls to one component on the page, which lives through Streamlit's reruns.

// `Component` is built with its parent element, hears of every change of data or theme by update(), and ends by end().
export function mounted(selector, Component) {
  const instances = new WeakMap(); // by the element that Streamlit gives
  return (component) => {
    const { parentElement } = component;
    const root = parentElement.querySelector?.(selector) ?? parentElement;
    if (!instances.has(root)) instances.set(root, new Component(root));
    instances.get(root).update(component);
    return () => {
      instances.get(root)?.end();
      instances.delete(root);
    };
  };
}
