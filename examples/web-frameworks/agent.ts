/** The guest: a chat that emits each part of its answer while the model writes it. */
import { agent, emit } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((question) => {
	using conversation = chat({ system: "Answer in a few sentences." });
	for (const event of conversation.stream(question)) if (event.tag === "text") emit(event.val);
	return "";
});
