import { stringifyJson } from "../../../../transport/http/raw-json.ts";
import type { AddedMembers, ChatRequest } from "./api.ts";
import { namesMember, refusalOf } from "./refusal.ts";
import type { RefusedMembers } from "./refused-members.ts";

/** A request and the members to add to it. */
export interface Extension {
	readonly request: ChatRequest;
	readonly added: AddedMembers;
	/** Members that the upstream is known to refuse. */
	readonly refused: RefusedMembers;
}

/**
 * Streams a request with added members. If the upstream refuses one of them, repeats the request once without the refused ones, and
 * remembers them when that request succeeds. A refusal comes before the first event, so no event is repeated.
 *
 * @param open Opens the stream of a request, within the deadline of the call.
 */
export async function* withAddedMembers<T>(
	{ request, added, refused }: Extension,
	open: (request: ChatRequest) => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
	const sent = without(added, refused.of(request.model));
	let isOpen = false;
	try {
		for await (const event of open({ ...request, ...sent })) {
			isOpen = true;
			yield event;
		}
		return;
	} catch (thrown) {
		const named = isOpen ? [] : refusedOf(thrown, Object.keys(sent), request);
		if (named.length === 0) throw thrown;
		let isRemembered = false;
		for await (const event of open({ ...request, ...without(sent, new Set(named)) })) {
			if (!isRemembered) refused.add(request.model, named);
			isRemembered = true;
			yield event;
		}
	}
}

function without(members: AddedMembers, names: ReadonlySet<string>): AddedMembers {
	return Object.fromEntries(Object.entries(members).filter(([name]) => !names.has(name)));
}

/** Returns those of the names that an error refuses. */
function refusedOf(thrown: unknown, names: readonly string[], request: ChatRequest): readonly string[] {
	const refusal = refusalOf(thrown);
	if (refusal === undefined) return [];
	let text: string | undefined;
	const isInText = (name: string): boolean => {
		text ??= stringifyJson(request);
		return text.includes(name);
	};
	return names.filter((name) => namesMember(refusal, name, () => isInText(name)));
}
