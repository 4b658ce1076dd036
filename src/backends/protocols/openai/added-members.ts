import { holdsWord, namesMember, refusalOf } from "./refusal.ts";
import type { RefusedMembers } from "./refused-members.ts";

/** Members that the host adds to a request on its own, with no wish of the guest. */
export interface AddedMembers {
	/** The upstream's name of the model. */
	readonly model: string;
	readonly names: readonly string[];
	/** Members that the upstream is known to refuse. */
	readonly refused: RefusedMembers;
	/** Returns the text of the request without the added members. Called only for a refusal. */
	readonly ownText: () => string;
}

/**
 * Sends a request with added members. If the upstream refuses some of them, sends the request once more without the refused ones, and
 * remembers them when that request succeeds.
 *
 * @param send Sends the request with these members, within the deadline of the call. For a stream, it awaits the first event, because some
 * upstreams refuse a request within the stream.
 */
export async function withAddedMembers<R>(
	{ model, names, refused, ownText }: AddedMembers,
	send: (sent: ReadonlySet<string>) => Promise<R>,
): Promise<R> {
	const known = refused.of(model);
	const sent = new Set(names.filter((name) => !known.has(name)));
	try {
		return await send(sent);
	} catch (thrown) {
		const named = refusedOf(thrown, sent, ownText);
		if (named.length === 0) throw thrown;
		const answer = await send(sent.difference(new Set(named)));
		refused.add(model, named);
		return answer;
	}
}

/** Returns those of the names that an error refuses. */
function refusedOf(thrown: unknown, names: ReadonlySet<string>, ownText: () => string): readonly string[] {
	const refusal = refusalOf(thrown);
	if (refusal === undefined) return [];
	let text: string | undefined;
	const isInText = (name: string): boolean => {
		text ??= ownText();
		return holdsWord(text, name);
	};
	return [...names].filter((name) => namesMember(refusal, name, () => isInText(name)));
}
