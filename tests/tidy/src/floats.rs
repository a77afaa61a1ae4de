//! Floating point in a Wasm blob: which functions have it, who calls them, and the blob without them.

use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{ElementItems, ExternalKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// A function that the blob defines.
#[derive(Debug)]
pub struct Function {
    /// Its demangled name, without the hash.
    pub name: String,
    /// How many floating-point instructions it has.
    pub floats: usize,
    /// The functions it calls directly, by their index.
    pub calls: BTreeSet<u32>,
    /// The types of the calls it makes through the table: trait objects and function pointers.
    pub calls_of_type: BTreeSet<u32>,
    /// The index of its own type.
    ty: u32,
    /// Where its instructions are in the blob, the final `end` included.
    code: std::ops::Range<usize>,
}

/// What a blob has of interest here.
#[derive(Debug)]
pub struct Blob {
    /// The functions it defines, by their index.
    pub functions: BTreeMap<u32, Function>,
    /// The functions it exports, by their name.
    pub exports: BTreeMap<String, u32>,
    /// The functions that an indirect call may reach: those in the table.
    pub table: BTreeSet<u32>,
}

/// Whether an instruction takes or gives floating point, moving it about included.
fn is_float(operator: &Operator<'_>) -> bool {
    // wasmparser names an instruction for its types (`F64Add`, `I32TruncF32S`, `F32x4Splat`).
    let name = format!("{operator:?}");
    let name = name.split([' ', '{']).next().unwrap_or_default();
    name.contains("F32") || name.contains("F64")
}

impl Blob {
    /// Reads a blob that has its name section.
    ///
    /// # Errors
    ///
    /// The bytes are no Wasm module, or it has no names.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = |error: wasmparser::BinaryReaderError| error.to_string();
        let mut blob = Self {
            functions: BTreeMap::new(),
            exports: BTreeMap::new(),
            table: BTreeSet::new(),
        };
        let mut names = BTreeMap::new();
        let mut types = Vec::new();
        let mut index = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(text)? {
                Payload::TypeSection(section) => {
                    // Calls through the table are matched by the index of their type, so equal types must not be there twice.
                    let mut seen = BTreeSet::new();
                    for ty in section.into_iter_err_on_gc_types() {
                        if !seen.insert(ty.map_err(text)?.to_string()) {
                            return Err("the same type of function twice".into());
                        }
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports {
                        if let TypeRef::Func(ty) = import.map_err(text)?.ty {
                            types.push(ty);
                            index += 1;
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        types.push(ty.map_err(text)?);
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export.map_err(text)?;
                        if export.kind == ExternalKind::Func {
                            blob.exports.insert(export.name.to_string(), export.index);
                        }
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        match element.map_err(text)?.items {
                            ElementItems::Functions(functions) => {
                                for function in functions {
                                    blob.table.insert(function.map_err(text)?);
                                }
                            }
                            ElementItems::Expressions(..) => return Err("a table filled by expressions".into()),
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let operators = body.get_operators_reader().map_err(text)?;
                    let mut function = Function {
                        name: String::new(),
                        floats: 0,
                        calls: BTreeSet::new(),
                        calls_of_type: BTreeSet::new(),
                        ty: types.get(index as usize).copied().ok_or("code without a declaration")?,
                        code: operators.original_position()..body.range().end,
                    };
                    for operator in operators {
                        match operator.map_err(text)? {
                            Operator::Call { function_index } => {
                                function.calls.insert(function_index);
                            }
                            Operator::CallIndirect { type_index, .. } => {
                                function.calls_of_type.insert(type_index);
                            }
                            operator => function.floats += usize::from(is_float(&operator)),
                        }
                    }
                    blob.functions.insert(index, function);
                    index += 1;
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(section) = section.as_known() {
                        for part in section {
                            if let Name::Function(map) = part.map_err(text)? {
                                for naming in map {
                                    let naming = naming.map_err(text)?;
                                    names.insert(naming.index, format!("{:#}", rustc_demangle::demangle(naming.name)));
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        if names.is_empty() {
            return Err("no name section: this is not the blob as the compiler left it".into());
        }
        for (index, function) in &mut blob.functions {
            function.name = names.remove(index).unwrap_or_else(|| format!("function {index}"));
        }
        Ok(blob)
    }

    /// The functions that have floating point.
    pub fn with_floats(&self) -> impl Iterator<Item = (u32, &Function)> {
        self.functions
            .iter()
            .filter(|(_, function)| function.floats > 0)
            .map(|(index, function)| (*index, function))
    }

    /// What direct calls reach from these functions, themselves included.
    pub fn reached(&self, from: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        self.closure(from, |function| function.calls.iter().copied().collect())
    }

    /// What any call may reach from these functions, themselves included: direct calls, and calls through the table, each of
    /// which may lead to every function in it that has the type of the call. More than what does happen, never less.
    pub fn may_reach(&self, from: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        self.closure(from, |function| {
            let indirect = self.table.iter().filter(|index| {
                self.functions
                    .get(index)
                    .is_some_and(|callee| function.calls_of_type.contains(&callee.ty))
            });
            function.calls.iter().chain(indirect).copied().collect()
        })
    }

    fn closure(&self, from: impl IntoIterator<Item = u32>, next: impl Fn(&Function) -> Vec<u32>) -> BTreeSet<u32> {
        let mut open: Vec<u32> = from.into_iter().collect();
        let mut found = BTreeSet::new();
        while let Some(index) = open.pop() {
            if found.insert(index) {
                open.extend(self.functions.get(&index).into_iter().flat_map(&next));
            }
        }
        found
    }

    /// The same blob, but every function that has floating point traps at once. A chain that runs on it shows that execution
    /// needs none of them.
    pub fn with_floats_trapping(&self, bytes: &[u8]) -> Vec<u8> {
        const UNREACHABLE: u8 = 0x00;
        const NOP: u8 = 0x01;
        const END: u8 = 0x0b;
        let mut bytes = bytes.to_vec();
        for (_, function) in self.with_floats() {
            let code = &mut bytes[function.code.clone()];
            code.fill(NOP);
            code[0] = UNREACHABLE;
            if let Some(last) = code.last_mut() {
                *last = END;
            }
        }
        bytes
    }
}
