// A function that asks for one call of `draw` in the next frame of the screen, however often it is called until then.
export function oncePerFrame(draw) {
  let asked = null;
  return () => {
    asked ??= requestAnimationFrame(() => {
      asked = null;
      draw();
    });
  };
}
