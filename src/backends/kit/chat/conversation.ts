import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { checkRole } from "./check-roles.ts";
import { type CallIdForm, withUniqueCallIds } from "./history-call-ids.ts";
import { withCallNames } from "./history-call-names.ts";

/** Adds a message of each role to a conversation in a vendor's form. `path` names the message in errors, such as `messages[2]`. */
export type RoleWriters = { readonly [R in cchat.Role]: (message: cchat.Message, path: string) => void };

/**
 * Writes the messages of a conversation in order. No two calls have the same id, and each has a name that a tool could have.
 *
 * @param form Form of the ids of calls. The default is any.
 * @throws SpearError `invalid_request` for a member that a role does not allow.
 */
export function writeConversation(messages: readonly cchat.Message[], writers: RoleWriters, form?: CallIdForm): void {
	for (const [index, message] of withUniqueCallIds(withCallNames(messages), form).entries()) {
		const path = `messages[${index}]`;
		checkRole(message, path);
		writers[message.role](message, path);
	}
}

/**
 * Checks that something remains of a conversation in the vendor's form.
 *
 * @throws SpearError `missing_capabilities`.
 */
export function checkAnswerable(written: readonly unknown[]): void {
	if (written.length > 0) return;
	throw new SpearError("missing_capabilities", "messages: they hold nothing that this backend can answer; write a user message");
}

/** Returns the blocks of an answer without those at its end that pass the test. Vendors refuse reasoning that nothing follows. */
export function withoutLast<B>(blocks: readonly B[], isReasoning: (block: B) => boolean): B[] {
	return blocks.slice(0, blocks.findLastIndex((block) => !isReasoning(block)) + 1);
}

/**
 * Returns the id of the call that a tool message answers.
 *
 * @throws SpearError `invalid_request` for a message that names none.
 */
export function answeredCall({ tool_call_id }: cchat.Message, path: string): string {
	if (tool_call_id !== undefined) return tool_call_id;
	throw new SpearError("invalid_request", `${path}.tool_call_id: a tool message must name the tool call that it answers`);
}
