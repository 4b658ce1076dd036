import type * as img from "../../generated/ir/img.ts";
import { fault } from "./fault.ts";

/** A variation takes no prompt; everything else needs one. */
export function normalizeImg(payload: img.Request): img.Request {
	const variation = payload.task.type === "variation";
	if (variation && payload.prompt !== undefined) throw fault("prompt", "a variation takes no prompt; ask for an edit instead");
	if (!variation && payload.prompt === undefined) throw fault("prompt", `is required to ${payload.task.type} an image`);
	return payload;
}
