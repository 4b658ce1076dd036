/** The parts that all generated checks share: their functions, and the type of a validator. */
import { template } from "../template.ts";

/** Text of `check-runtime.js`, without a header. */
export const checkRuntime = template<Record<string, never>>(new URL("./runtime.hbs", import.meta.url))({});

/** Text of `validator.d.ts`, without a header. */
export const validatorTypes = template<Record<string, never>>(new URL("./validator.hbs", import.meta.url))({});
