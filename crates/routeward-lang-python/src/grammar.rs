//! The grammar: kinds and fields, resolved once into tables.

use std::sync::LazyLock;

use routeward_syntax::{Language, Node, kind_table};

macro_rules! kinds {
    (named { $($named:ident = $named_text:literal,)* } tokens { $($token:ident = $token_text:literal,)* }) => {
        /// A kind of node.
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
        AliasedImport = "aliased_import",
        AsPattern = "as_pattern",
        AsPatternTarget = "as_pattern_target",
        Assert = "assert_statement",
        Assignment = "assignment",
        Attribute = "attribute",
        Augmented = "augmented_assignment",
        Await = "await",
        Binary = "binary_operator",
        Block = "block",
        Boolean = "boolean_operator",
        Break = "break_statement",
        Call = "call",
        CaseClause = "case_clause",
        CasePattern = "case_pattern",
        ClassDefinition = "class_definition",
        ClassPattern = "class_pattern",
        Comment = "comment",
        Comparison = "comparison_operator",
        ComplexPattern = "complex_pattern",
        ConcatenatedString = "concatenated_string",
        Conditional = "conditional_expression",
        ConstrainedType = "constrained_type",
        Continue = "continue_statement",
        DecoratedDefinition = "decorated_definition",
        Decorator = "decorator",
        DefaultParameter = "default_parameter",
        Delete = "delete_statement",
        DictPattern = "dict_pattern",
        DictionarySplat = "dictionary_splat",
        DictionarySplatPattern = "dictionary_splat_pattern",
        Dictionary = "dictionary",
        DictionaryComprehension = "dictionary_comprehension",
        DottedName = "dotted_name",
        ElifClause = "elif_clause",
        Ellipsis = "ellipsis",
        ElseClause = "else_clause",
        EscapeInterpolation = "escape_interpolation",
        EscapeSequence = "escape_sequence",
        ExceptClause = "except_clause",
        ExceptGroupClause = "except_group_clause",
        ExecStatement = "exec_statement",
        ExpressionList = "expression_list",
        ExpressionStatement = "expression_statement",
        False = "false",
        FinallyClause = "finally_clause",
        Float = "float",
        For = "for_statement",
        ForInClause = "for_in_clause",
        FormatSpecifier = "format_specifier",
        FunctionDefinition = "function_definition",
        FutureImport = "future_import_statement",
        GeneratorExpression = "generator_expression",
        GenericType = "generic_type",
        Global = "global_statement",
        Identifier = "identifier",
        If = "if_statement",
        IfClause = "if_clause",
        Import = "import_statement",
        ImportFrom = "import_from_statement",
        ImportPrefix = "import_prefix",
        Integer = "integer",
        Interpolation = "interpolation",
        KeywordArgument = "keyword_argument",
        KeywordPattern = "keyword_pattern",
        KeywordSeparator = "keyword_separator",
        Lambda = "lambda",
        LambdaParameters = "lambda_parameters",
        LineContinuation = "line_continuation",
        List = "list",
        ListComprehension = "list_comprehension",
        ListPattern = "list_pattern",
        ListSplat = "list_splat",
        ListSplatPattern = "list_splat_pattern",
        Match = "match_statement",
        MemberType = "member_type",
        Module = "module",
        Named = "named_expression",
        None = "none",
        Nonlocal = "nonlocal_statement",
        Not = "not_operator",
        Pair = "pair",
        Parameters = "parameters",
        Paren = "parenthesized_expression",
        ParenListSplat = "parenthesized_list_splat",
        Pass = "pass_statement",
        PatternList = "pattern_list",
        PositionalSeparator = "positional_separator",
        Print = "print_statement",
        Raise = "raise_statement",
        RelativeImport = "relative_import",
        Return = "return_statement",
        Set = "set",
        SetComprehension = "set_comprehension",
        Slice = "slice",
        SplatPattern = "splat_pattern",
        SplatType = "splat_type",
        String = "string",
        StringContent = "string_content",
        StringEnd = "string_end",
        StringStart = "string_start",
        Subscript = "subscript",
        True = "true",
        Try = "try_statement",
        Tuple = "tuple",
        TuplePattern = "tuple_pattern",
        Type = "type",
        TypeAlias = "type_alias_statement",
        TypeConversion = "type_conversion",
        TypeParameter = "type_parameter",
        TypedDefaultParameter = "typed_default_parameter",
        TypedParameter = "typed_parameter",
        Unary = "unary_operator",
        UnionPattern = "union_pattern",
        UnionType = "union_type",
        While = "while_statement",
        WildcardImport = "wildcard_import",
        With = "with_statement",
        WithClause = "with_clause",
        WithItem = "with_item",
        Yield = "yield",
    }
    tokens {
        AsyncWord = "async",
        AndWord = "and",
        FromWord = "from",
        ColonToken = ":",
        Plus = "+",
        Minus = "-",
        Star = "*",
        Slash = "/",
        DoubleSlash = "//",
        Percent = "%",
        DoubleStar = "**",
        At = "@",
        Tilde = "~",
        UnderscoreToken = "_",
        Less = "<",
        LessEqual = "<=",
        Greater = ">",
        GreaterEqual = ">=",
        Equal = "==",
        NotEqual = "!=",
        OldNotEqual = "<>",
        InWord = "in",
        NotInWords = "not in",
        IsWord = "is",
        IsNotWords = "is not",
        PlusAssign = "+=",
        MinusAssign = "-=",
        StarAssign = "*=",
        SlashAssign = "/=",
        DoubleSlashAssign = "//=",
        PercentAssign = "%=",
        DoubleStarAssign = "**=",
    }
}

macro_rules! fields {
    ($($field:ident,)*) => {
        /// The field ids of the grammar; zero where it has no such field.
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
    alias, alternative, argument, arguments, attribute, body, cause, condition, consequence, definition,
    expression, function, guard, key, left, module_name, name, object, operator, parameters,
    return_type, right, superclasses, type_, value,
}

fn field_id(language: &Language, name: &str) -> u16 {
    let name = if name == "type_" { "type" } else { name };
    language.field_id_for_name(name).map_or(0, std::num::NonZeroU16::get)
}

/// The grammar with its tables.
pub(crate) struct Grammar {
    pub(crate) language: Language,
    kinds: Vec<K>,
    pub(crate) fields: Fields,
}

impl Grammar {
    pub(crate) fn kind(&self, node: Node<'_>) -> K {
        match node.kind_id() {
            u16::MAX => K::Error,
            id => self.kinds.get(usize::from(id)).copied().unwrap_or(K::Other),
        }
    }
}

pub(crate) static PYTHON: LazyLock<Grammar> = LazyLock::new(|| {
    let language: Language = tree_sitter_python::LANGUAGE.into();
    let kinds = kind_table(&language, kind_of);
    let fields = Fields::new(&language);
    Grammar { language, kinds, fields }
});
