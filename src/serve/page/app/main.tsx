/** The operator's page. Runs in a browser. */
import { render } from "preact";
import { App } from "./app.tsx";
import { Connection } from "./connection/connection.ts";
import { ConnectionContext } from "./connection/hooks.ts";
import { applyStoredTheme } from "./parts/theme.tsx";

applyStoredTheme();
const { admin, demo } = document.documentElement.dataset;
const root = document.getElementById("page");
if (root !== null) {
	render(
		<ConnectionContext.Provider value={new Connection(admin === "off")}>
			<App isDemo={demo !== undefined} />
		</ConnectionContext.Provider>,
		root,
	);
}
