import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../assert-no-fields-left.ts";

/**
 * Checks that a message has no member that its role does not allow.
 *
 * @param path Names the message in errors, such as `messages[2]`.
 * @throws SpearError `invalid_request` that names the member.
 */
export function checkRole(message: cchat.Message, path: string): void {
	const { role, content: _, tool_calls, tool_call_id, is_error, name: __, ...rest } = message;
	assertNoFieldsLeft(rest);
	const wrong = (member: string) => new SpearError("invalid_request", `${path}.${member}: a ${role} message cannot have it`);
	if (role !== "assistant" && tool_calls.length > 0) throw wrong("tool_calls");
	if (role !== "tool" && tool_call_id !== undefined) throw wrong("tool_call_id");
	if (role !== "tool" && is_error !== undefined) throw wrong("is_error");
}
