/** A guest that asks a model with tools of the host. The input is JSON: the question, the servers, and if the answer is streamed. */
export const TOOL_GUEST = `
import { agent, HostcallError } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

const own = { name: "own", description: "A tool of the guest", run: () => "of the guest" };

export const run = agent((input) => {
	const { question, hostTools, streams } = JSON.parse(input);
	try {
		const conversation = chat({ tools: [own], hostTools });
		if (!streams) return conversation.ask(question).text;
		let text = "";
		for (const event of conversation.stream(question)) text += event.tag === "text" ? event.val : " [" + event.tag + "] ";
		return text.trim();
	} catch (error) {
		if (error instanceof HostcallError) return error.code + ": " + error.message;
		throw error;
	}
});
`;
