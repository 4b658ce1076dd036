/** A conversation that begins with one model and goes on with another. Ends with the differences that each vendor declares. */
import { agent } from "spear-hostcall/guest";
import { type Chat, chat } from "spear-hostcall/guest/chat";

/** Asks, and returns the answer with its downgrades, a line each. */
function ask(conversation: Chat, question: string): string {
	const { text, response } = conversation.ask(question);
	const notes = (response.downgrades ?? []).map(({ field, effect, detail }) => `  ${field} was ${effect}: ${detail}`);
	return [`${response.model}: ${text}`, ...notes].join("\n");
}

export const run = agent((input) => {
	using first = chat({ model: "fast", params: { temperature: 0.2 } });
	const begun = ask(first, input);
	// The messages of one session begin another. A request with this model goes to a vendor that has it.
	using second = chat({ model: "deep", messages: first.session.messages(), params: { temperature: 0.2 } });
	return `${begun}\n${ask(second, "Is that all?")}`;
});
