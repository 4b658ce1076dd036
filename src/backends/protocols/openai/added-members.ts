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
 * Streams the answer to a request with added members. If the upstream refuses one of them, repeats the request once without the refused
 * ones, and remembers them when that request succeeds. A refusal comes before the first event, so no event is repeated.
 *
 * @param open Opens the answer to the request with these members, within the deadline of the call.
 */
export async function* withAddedMembers<T>(
	{ model, names, refused, ownText }: AddedMembers,
	open: (sent: ReadonlySet<string>) => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
	const known = refused.of(model);
	const sent = new Set(names.filter((name) => !known.has(name)));
	let isOpen = false;
	try {
		for await (const event of open(sent)) {
			isOpen = true;
			yield event;
		}
		return;
	} catch (thrown) {
		const named = isOpen ? [] : refusedOf(thrown, sent, ownText);
		if (named.length === 0) throw thrown;
		let isRemembered = false;
		for await (const event of open(sent.difference(new Set(named)))) {
			if (!isRemembered) refused.add(model, named);
			isRemembered = true;
			yield event;
		}
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
