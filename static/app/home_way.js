/*
 * The way home, for screens that app.js imports: set once at the start.
 */

let way = () => {};

export const set_home = (home) => { way = home; };
export const go_home = (options) => way(options);
