//! The three grammars: kinds and fields, resolved once into tables.

use std::sync::LazyLock;

use routeward_syntax::{Language, Node, kind_table};

macro_rules! kinds {
    (named { $($named:ident = $named_text:literal,)* } tokens { $($token:ident = $token_text:literal,)* }) => {
        /// A kind of node, the same for all three grammars.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum K {
            /// A kind that no code here asks for.
            Other,
            /// An error node.
            Error,
            $($named,)*
            $($token,)*
        }

        fn kind_of(text: &str, named: bool) -> K {
            match (text, named) {
                $(($named_text, true) => K::$named,)*
                $(($token_text, false) => K::$token,)*
                _ => K::Other,
            }
        }
    };
}

kinds! {
    named {
        AbstractClass = "abstract_class_declaration",
        AbstractMethod = "abstract_method_signature",
        AccessModifier = "accessibility_modifier",
        Ambient = "ambient_declaration",
        Arguments = "arguments",
        Array = "array",
        ArrayPattern = "array_pattern",
        ArrayType = "array_type",
        Arrow = "arrow_function",
        As = "as_expression",
        Assignment = "assignment_expression",
        AssignmentPattern = "assignment_pattern",
        Augmented = "augmented_assignment_expression",
        Await = "await_expression",
        Binary = "binary_expression",
        Break = "break_statement",
        Call = "call_expression",
        Class = "class",
        ClassDeclaration = "class_declaration",
        ClassHeritage = "class_heritage",
        StaticBlock = "class_static_block",
        Comment = "comment",
        Computed = "computed_property_name",
        Continue = "continue_statement",
        Debugger = "debugger_statement",
        Decorator = "decorator",
        Do = "do_statement",
        ElseClause = "else_clause",
        Empty = "empty_statement",
        EnumAssignment = "enum_assignment",
        EnumDeclaration = "enum_declaration",
        EscapeSequence = "escape_sequence",
        ExportClause = "export_clause",
        ExportSpecifier = "export_specifier",
        Export = "export_statement",
        ExpressionStatement = "expression_statement",
        ExtendsClause = "extends_clause",
        False = "false",
        FieldDefinition = "field_definition",
        FlowMaybe = "flow_maybe_type",
        ForIn = "for_in_statement",
        For = "for_statement",
        Function = "function_expression",
        FunctionDeclaration = "function_declaration",
        FunctionSignature = "function_signature",
        GeneratorFunction = "generator_function",
        GeneratorDeclaration = "generator_function_declaration",
        GenericType = "generic_type",
        HashBang = "hash_bang_line",
        HtmlCharacter = "html_character_reference",
        HtmlComment = "html_comment",
        Identifier = "identifier",
        If = "if_statement",
        Implements = "implements_clause",
        Import = "import",
        ImportAlias = "import_alias",
        ImportAttribute = "import_attribute",
        ImportClause = "import_clause",
        ImportRequire = "import_require_clause",
        ImportSpecifier = "import_specifier",
        ImportStatement = "import_statement",
        IndexSignature = "index_signature",
        Instantiation = "instantiation_expression",
        Interface = "interface_declaration",
        Namespace = "internal_module",
        Intersection = "intersection_type",
        JsxAttribute = "jsx_attribute",
        JsxClosing = "jsx_closing_element",
        JsxElement = "jsx_element",
        JsxExpression = "jsx_expression",
        JsxNamespaceName = "jsx_namespace_name",
        JsxOpening = "jsx_opening_element",
        JsxSelfClosing = "jsx_self_closing_element",
        JsxText = "jsx_text",
        Labeled = "labeled_statement",
        Lexical = "lexical_declaration",
        LiteralType = "literal_type",
        Member = "member_expression",
        MetaProperty = "meta_property",
        Method = "method_definition",
        MethodSignature = "method_signature",
        AmbientModule = "module",
        NamedImports = "named_imports",
        NamespaceExport = "namespace_export",
        NamespaceImport = "namespace_import",
        NestedIdentifier = "nested_identifier",
        NestedType = "nested_type_identifier",
        New = "new_expression",
        NonNull = "non_null_expression",
        Null = "null",
        Number = "number",
        Object = "object",
        ObjectAssignmentPattern = "object_assignment_pattern",
        ObjectPattern = "object_pattern",
        ObjectType = "object_type",
        OptionalChain = "optional_chain",
        OptionalParameter = "optional_parameter",
        OverrideModifier = "override_modifier",
        Pair = "pair",
        PairPattern = "pair_pattern",
        Paren = "parenthesized_expression",
        ParenType = "parenthesized_type",
        PredefinedType = "predefined_type",
        PrivateProperty = "private_property_identifier",
        Program = "program",
        PropertyIdentifier = "property_identifier",
        PropertySignature = "property_signature",
        PublicField = "public_field_definition",
        ReadonlyType = "readonly_type",
        Regex = "regex",
        RequiredParameter = "required_parameter",
        RestPattern = "rest_pattern",
        Return = "return_statement",
        Satisfies = "satisfies_expression",
        Sequence = "sequence_expression",
        Shorthand = "shorthand_property_identifier",
        ShorthandPattern = "shorthand_property_identifier_pattern",
        Spread = "spread_element",
        StatementBlock = "statement_block",
        String = "string",
        StringFragment = "string_fragment",
        Subscript = "subscript_expression",
        Super = "super",
        SwitchCase = "switch_case",
        SwitchDefault = "switch_default",
        Switch = "switch_statement",
        Template = "template_string",
        TemplateLiteralType = "template_literal_type",
        Substitution = "template_substitution",
        Ternary = "ternary_expression",
        This = "this",
        Throw = "throw_statement",
        True = "true",
        Try = "try_statement",
        TypeAlias = "type_alias_declaration",
        TypeAnnotation = "type_annotation",
        TypeArguments = "type_arguments",
        TypeAssertion = "type_assertion",
        TypeIdentifier = "type_identifier",
        TypeParameters = "type_parameters",
        TypeQuery = "type_query",
        Unary = "unary_expression",
        Undefined = "undefined",
        UnionType = "union_type",
        Update = "update_expression",
        Using = "using_declaration",
        Var = "variable_declaration",
        Declarator = "variable_declarator",
        While = "while_statement",
        With = "with_statement",
        Yield = "yield_expression",
    }
    tokens {
        AsyncWord = "async",
        ConstWord = "const",
        DefaultWord = "default",
        GetWord = "get",
        InWord = "in",
        InstanceOfWord = "instanceof",
        LetWord = "let",
        ReadonlyWord = "readonly",
        SetWord = "set",
        StaticGetWord = "static get",
        StaticWord = "static",
        TypeOfWord = "typeof",
        TypeWord = "type",
        UsingWord = "using",
        VarWord = "var",
        VoidWord = "void",
        DeleteWord = "delete",
        OptionalDot = "?.",
        Comma = ",",
        Equals = "=",
        Star = "*",
        Plus = "+",
        Minus = "-",
        Slash = "/",
        Percent = "%",
        StarStar = "**",
        AndAnd = "&&",
        OrOr = "||",
        QuestionQuestion = "??",
        Less = "<",
        LessEqual = "<=",
        Greater = ">",
        GreaterEqual = ">=",
        EqualEqual = "==",
        EqualEqualEqual = "===",
        NotEqual = "!=",
        NotEqualEqual = "!==",
        Bang = "!",
        Tilde = "~",
        Ampersand = "&",
        Pipe = "|",
        Caret = "^",
        ShiftLeft = "<<",
        ShiftRight = ">>",
        ShiftRightZero = ">>>",
    }
}

macro_rules! fields {
    ($($field:ident,)*) => {
        /// The field ids of one grammar; zero where it has no such field.
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct Fields {
            $(pub(crate) $field: u16,)*
        }

        impl Fields {
            fn new(language: &Language) -> Self {
                Self { $($field: field_id(language, stringify!($field)),)* }
            }
        }
    };
}

fields! {
    alias, alternative, argument, arguments, body, condition, consequence, constructor, declaration, finalizer,
    function, handler, increment, index, initializer, key, kind, label, left, module, name, object, operator,
    parameter, parameters, pattern, property, return_type, right, source, type_, type_arguments, value,
}

fn field_id(language: &Language, name: &str) -> u16 {
    let name = if name == "type_" { "type" } else { name };
    language.field_id_for_name(name).map_or(0, std::num::NonZeroU16::get)
}

/// A grammar with its tables.
pub(crate) struct Grammar {
    pub(crate) language: Language,
    kinds: Vec<K>,
    pub(crate) fields: Fields,
}

impl Grammar {
    fn new(language: Language) -> Self {
        let kinds = kind_table(&language, kind_of);
        let fields = Fields::new(&language);
        Self { language, kinds, fields }
    }

    pub(crate) fn kind(&self, node: Node<'_>) -> K {
        match node.kind_id() {
            u16::MAX => K::Error,
            id => self.kinds.get(usize::from(id)).copied().unwrap_or(K::Other),
        }
    }
}

pub(crate) static JAVASCRIPT: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(tree_sitter_javascript::LANGUAGE.into()));
pub(crate) static TYPESCRIPT: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()));
pub(crate) static TSX: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(tree_sitter_typescript::LANGUAGE_TSX.into()));
