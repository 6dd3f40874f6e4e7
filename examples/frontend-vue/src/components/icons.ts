/** Icons as SVG paths, drawn with strokes in a viewBox of 24 by 24. */
export const icons = {
  alert: "M12 8v5 M12 16.5v.01 M12 3 2.5 20h19Z",
  box: "M12 3 4 7.2v9.6L12 21l8-4.2V7.2Z M4 7.2l8 4.3 8-4.3 M12 11.5V21",
  check: "m5 12.5 4.5 4.5L19 7.5",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M12 7.5V12l3 2",
  "cloud-off":
    "m3 3 18 18 M7 8.6A5.5 5.5 0 0 0 6.5 19H17 M10 5.7A6 6 0 0 1 18 10a4.5 4.5 0 0 1 3 6.8",
  cross: "m7 7 10 10 M17 7 7 17",
  hourglass: "M7 3h10 M7 21h10 M8 3v4l4 5 4-5V3 M8 21v-4l4-5 4 5v4",
  leave: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4 M4 12h11 M11 8l4 4-4 4",
  lock: "M6 11h12v9H6Z M8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  plus: "M12 5v14 M5 12h14",
  refresh: "M20 11a8 8 0 0 0-14.3-4L4 9 M4 4v5h5 M4 13a8 8 0 0 0 14.3 4l1.7-2 M20 20v-5h-5",
} as const;

/** The name of one of {@link icons}. */
export type IconName = keyof typeof icons;
