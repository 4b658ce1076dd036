/**
 * A chat whose answer streams: the guest emits each part of the text as the model writes it, and an event at the end.
 *
 * The answer of the run is the whole text, for callers that do not read the output.
 */
import { agent, emit } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((input) => {
	using conversation = chat({ system: "Answer in a few sentences." });
	let answer = "";
	for (const event of conversation.stream(input)) {
		if (event.tag === "text") {
			emit(event.val);
			answer += event.val;
		}
		if (event.tag === "usage") emit({ event: "usage", data: event.val });
	}
	return answer;
});
