/** Types for emitters of one's own: `spear-hostcall/codegen`. */
export type { Output, Target as Emitter } from "./emit/target.ts";
export type * from "./model/model.ts";
