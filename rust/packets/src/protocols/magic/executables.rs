//! Executables: for which system and machine they are.

/// Machines by their number in ELF (gABI, `e_machine`), the kind of their executables.
const MACHINES: [(u16, &str); 18] = [
    (2, "application/x-executable; machine=sparc"),
    (3, "application/x-executable; machine=x86"),
    (4, "application/x-executable; machine=m68k"),
    (8, "application/x-executable; machine=mips"),
    (20, "application/x-executable; machine=powerpc"),
    (21, "application/x-executable; machine=powerpc64"),
    (22, "application/x-executable; machine=s390"),
    (40, "application/x-executable; machine=arm"),
    (42, "application/x-executable; machine=sh"),
    (45, "application/x-executable; machine=arc"),
    (50, "application/x-executable; machine=ia64"),
    (62, "application/x-executable; machine=x86-64"),
    (93, "application/x-executable; machine=arc"),
    (94, "application/x-executable; machine=xtensa"),
    (183, "application/x-executable; machine=aarch64"),
    (195, "application/x-executable; machine=arc"),
    (243, "application/x-executable; machine=riscv"),
    (258, "application/x-executable; machine=loongarch"),
];

pub(super) fn elf(head: &[u8]) -> Option<&'static str> {
    let rest = head.strip_prefix(b"\x7fELF")?;
    let is_big = rest.get(1) == Some(&2);
    let half = |at: usize| {
        let pair = *head.get(at..)?.first_chunk()?;
        Some(if is_big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        })
    };
    let machine = half(18).unwrap_or(0);
    if machine == 8 && !is_big {
        return Some("application/x-executable; machine=mipsel");
    }
    let known = MACHINES.iter().find(|(number, _)| *number == machine);
    match half(16) {
        Some(1) => Some("application/x-object"),
        Some(4) => Some("application/x-coredump"),
        _ => Some(known.map_or("application/x-executable", |found| found.1)),
    }
}

/// PE and its older kin: where the DOS header points at tells which, if that place is near enough.
pub(super) fn windows(head: &[u8]) -> Option<&'static str> {
    let rest = head.strip_prefix(b"MZ")?;
    let at = rest
        .get(58..)?
        .first_chunk()
        .map(|bytes| u32::from_le_bytes(*bytes))?;
    let header = usize::try_from(at)
        .ok()
        .and_then(|at| head.get(at..))
        .unwrap_or_default();
    Some(if header.starts_with(b"PE\0\0") {
        "application/vnd.microsoft.portable-executable"
    } else {
        "application/x-dosexec"
    })
}

/// Java classes and Mach-O for several machines share a mark; classes have a major version of at least 45 behind it.
pub(super) fn cafe_babe(head: &[u8]) -> Option<&'static str> {
    let rest = head.strip_prefix(b"\xca\xfe\xba\xbe")?;
    let major = rest
        .get(2..)?
        .first_chunk()
        .map(|bytes| u16::from_be_bytes(*bytes))?;
    Some(if major >= 45 {
        "application/java-vm"
    } else {
        "application/x-mach-binary"
    })
}

#[cfg(test)]
mod tests {
    use crate::protocols::magic::kind;

    fn elf_of(order: u8, machine: u16) -> Vec<u8> {
        let half = |number: u16| {
            if order == 2 {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            }
        };
        let mut head = b"\x7fELF\x01".to_vec();
        head.extend([order, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        head.extend(half(2));
        head.extend(half(machine));
        head
    }

    #[test]
    fn executables_tell_their_machine() {
        assert_eq!(
            kind(&elf_of(1, 40)),
            "application/x-executable; machine=arm"
        );
        assert_eq!(
            kind(&elf_of(2, 8)),
            "application/x-executable; machine=mips"
        );
        assert_eq!(
            kind(&elf_of(1, 8)),
            "application/x-executable; machine=mipsel"
        );
        assert_eq!(kind(&elf_of(1, 999)), "application/x-executable");
        let mut program = vec![0; 100];
        program[..2].copy_from_slice(b"MZ");
        program[60] = 80;
        assert_eq!(kind(&program), "application/x-dosexec");
        program[80..84].copy_from_slice(b"PE\0\0");
        assert_eq!(
            kind(&program),
            "application/vnd.microsoft.portable-executable"
        );
        assert_eq!(kind(b"\xca\xfe\xba\xbe\0\0\x004"), "application/java-vm");
        assert_eq!(
            kind(b"\xca\xfe\xba\xbe\0\0\0\x02"),
            "application/x-mach-binary"
        );
    }
}
