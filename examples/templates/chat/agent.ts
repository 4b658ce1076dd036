/** An assistant that writes its answer while the model does. */
import { agent, emit } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((input) => {
	if (input.trim() === "") throw new Error('ask something, such as: spear run agent.ts "What is WebAssembly?"');
	using assistant = chat({ system: "You answer in one or two plain sentences." });
	let answer = "";
	for (const event of assistant.stream(input)) {
		if (event.tag !== "text") continue;
		answer += event.val;
		emit(event.val);
	}
	console.info(`${answer.length} characters`);
	return answer;
});
