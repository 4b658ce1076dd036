import type { Operation, OperationMap } from "../../ir/operations.ts";
import type { Validator } from "./validator.d.ts";
export declare const payloads: { readonly [O in Operation]: Validator<OperationMap[O]["payload"]> };
