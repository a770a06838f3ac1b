"""Makes what guests boot from, unless it is there: what `scripts/setup` does ahead of the first test that boots one."""
from .cache import CACHE
from .image import initramfs
from .kernel import debian_kernel


def main():
    kernel = debian_kernel()
    initramfs(kernel)
    print(f"guests: Linux {kernel.release} is in {CACHE}")


if __name__ == "__main__":
    main()
