/** `ir/json.ts`: the types of any JSON value. */
import { template } from "../kit/template.ts";

/** Text of the module, without a header. */
export const jsonModule = template<Record<string, never>>(new URL("./json.hbs", import.meta.url))({});
