/** Before the first paint: the theme that the reader chose, and the class that shows what only works with scripts. */
document.documentElement.classList.add("scripted");
try {
	const theme = localStorage.getItem("theme");
	if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
	// The browser keeps nothing for this page.
}
