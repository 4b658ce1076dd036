/** A message of a conversation in which the roles take turns. */
export interface Turn<B> {
	role: "user" | "assistant";
	content: B[];
}

/** Adds blocks to a conversation in which the roles take turns: to the last message, if that has the role. */
export function addTurn<B>(messages: { role: string; content: unknown[] }[], role: Turn<B>["role"], blocks: readonly B[]): void {
	const last = messages.at(-1);
	if (blocks.length === 0) return;
	if (last?.role === role) for (const block of blocks) last.content.push(block);
	else messages.push({ role, content: [...blocks] });
}
