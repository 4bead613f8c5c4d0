// "Copy the link": the address as the visitor's browser knows it, whatever stands between here and there.
const field = document.getElementById("link");
const button = document.getElementById("copy");
if (field && button && navigator.clipboard) {
  field.value = new URL(field.dataset.href, location.href).href;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    document.getElementById("copied").textContent = button.dataset.done;
  });
}
